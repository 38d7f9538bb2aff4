/* SPDX-License-Identifier: MIT */
/* What a recorder offers the runtime's core: one table of functions, picked once by the kind of the recording. */
#ifndef PPROFMK_RUNTIME_RECORDER_H
#define PPROFMK_RUNTIME_RECORDER_H

#include <pthread.h>

#include "runtime/rt.h"

struct rt_recorder {
	/* The program has just attached; before main, nothing runs yet. Returns false (after rt_trouble) when
	 * this recorder can't work in this program. */
	bool (*start)(void);
	/* A thread is about to be created with this start function: a number for it, which its rt_thread.promise
	 * gets. And it has been, at rt_recorder->now(). Context: its creator, guard not held. NULL likewise. */
	uint32_t (*thread_promise)(uint64_t function);
	void (*thread_created)(uint32_t promise, uint64_t function, uint64_t ticks,
			       struct stack_regs regs);
	uint64_t (*now)(void);
	void (*thread_named)(pthread_t handle, const char *name);
	/* A thread begins or ends, in its own context with the guard held. NULL where there is nothing to do. */
	void (*thread_begin)(struct rt_thread *thread);
	void (*thread_end)(struct rt_thread *thread);
	/* The window opens (just before rt_window is set) and the wanted test's tear-down is over. */
	void (*window_open)(void);
	/* It closes, just after rt_window was cleared. */
	void (*window_close)(void);
	void (*test_end)(bool last_run);
};

extern const struct rt_recorder rt_recorder_cpu, rt_recorder_mem;
/* Only libpprofmk-sync.so has it. */
extern __attribute__((weak, visibility("hidden"))) const struct rt_recorder rt_recorder_block;
/* Only libpprofmk-trace.so. */
extern __attribute__((weak, visibility("hidden"))) const struct rt_recorder rt_recorder_trace;

/* Have forked children forget the recording. Once. */
void rt_attend_forks(void);

/* The one in use; never NULL, its functions may be. */
extern const struct rt_recorder *rt_recorder;

#endif
