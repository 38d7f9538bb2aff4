/* SPDX-License-Identifier: MIT */
/* Waits and system calls of a trace: one event at the end, and meanwhile a note of what the thread is doing in its
 * rec_trace_thread, for the case that there is no end.
 *
 * Between begin and end the thread may be cancelled, or a signal handler may leave the call by longjmp: the wait then ends
 * where the thread is seen next, as cancelled, at its next wait or at its end. Handlers may wait in the middle of a wait. */
#ifndef PPROFMK_RUNTIME_TRACE_WAIT_H
#define PPROFMK_RUNTIME_TRACE_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "format/trace_events.h"
#include "runtime/sync/sync_contention.h"
#include "runtime/unwind/stack.h"

/* What a thread is in. */
struct trace_doing {
	uint64_t start_ticks; /* 0: nothing */
	uint32_t trace;
	uint32_t type; /* TRACE_WAIT or TRACE_SYSCALL */
	uint32_t node;
	uint64_t arguments[2];
	struct contention *contention;
	const void *frame; /* an address in the stack's frame that waits */
};

struct trace_wait {
	struct trace_doing own;
	struct trace_doing outer; /* the one that a signal handler's is in the middle of */
};

/* A wait for an object begins. wait: in the frame of `regs` or below it. errno stays. Context: any, as of all here. */
void trace_wait_begin(struct trace_wait *wait, uint32_t kind, const void *object,
		      struct stack_regs regs);

/* It has ended. has_waited: false where it turned out to be none, and leaves no event. */
void trace_wait_end(struct trace_wait *wait, bool has_waited, enum trace_outcome outcome);

/* A system call begins. waits: it is made for waiting. Otherwise its stack is only worth taking when it has been slow, or
 * the descriptor is one that calls may wait for without end. */
void trace_call_begin(struct trace_wait *wait, enum trace_call call, int fd, struct stack_regs regs,
		      bool waits);

/* result: as the event has it. regs: as before, for a slow call that has no stack yet. */
void trace_call_end(struct trace_wait *wait, int64_t result, struct stack_regs regs);

/* The thread ends at `now`: what it is still in was cancelled. Context: guard held, a trace is on. */
void trace_wait_abandon(uint64_t now);

/* This thread ended the waiting of others at `ticks`. */
void trace_wake(enum trace_wake how, const void *object, uint64_t ticks, struct stack_regs regs);

#endif
