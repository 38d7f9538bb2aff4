/* SPDX-License-Identifier: MIT */
/* The runtime's own threads' state and the recording, shared by every recorder.
 *
 * Everything here may run inside malloc, under a user's lock, in a signal handler, before constructors and
 * after atexit: no malloc, no stdio, no locks that a signal could meet half-taken, errno preserved. */
#ifndef PPROFMK_RUNTIME_RT_H
#define PPROFMK_RUNTIME_RT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/recording.h"
#include "runtime/unwind/stack.h"

#define RT_EXPORT      __attribute__((visibility("default")))
#define RT_TLS	       _Thread_local __attribute__((tls_model("initial-exec")))
#define rt_likely(x)   __builtin_expect(!!(x), 1)
#define rt_unlikely(x) __builtin_expect(!!(x), 0)

/* The mapped recording; NULL when this process records nothing (not started by the tool, a forked child). */
extern struct rec_header *rt_rec;

/* True while the body of the wanted test runs in this process: the window. Recorders that note events look at
 * this with one relaxed load. Set and cleared by the hook. */
extern _Atomic bool rt_window;

/* Whether wrappers of waits have something to do: in the window; in a trace as long as the process is attached, because a
 * wait whose end the window sees may have begun before it. */
extern _Atomic bool rt_waits;

/* Number of the current window, from 1: a recorder that keeps state across an event (a lock taken at one time,
 * released at another) compares it to drop what began in another window. */
extern _Atomic uint32_t rt_window_number;

/* A wait without a lock that the thread is in: where it is cancelled there, the wait ends with the thread. */
struct rt_wait {
	uint64_t start_ns; /* 0: none */
	uint32_t window;
	uint32_t kind;	   /* enum rec_wait_kind */
	uint32_t node;	   /* 0: there was no room for its stack */
	const void *frame; /* an address in the stack's frame that waits */
};

/* One thread's state. Zero when the thread starts. Only its own thread and its own signal handlers touch it. */
struct rt_thread {
	/* >0: our own code runs on this thread, its allocations and waits are not the user's. */
	int guard;
	bool ready; /* rt_thread_self_slow() has run */
	bool has_ended; /* rt_thread_end() has run: what a destructor behind it does may make it ready once more */
	bool began_here; /* with a function of ours: it holds no lock of an allocator's when it is made ready */
	_Atomic uint32_t
		index; /* in REC_THREADS, UINT32_MAX: none left; changes when the thread is renamed */
	uint32_t tid;
	uintptr_t stack_low, stack_high; /* bounds of the thread's stack, 0 when not known */
	struct stack_memo *memo;	 /* see stack.h; mapped when the thread is made ready */
	void *recorder; /* the recorder's own, of this thread: mem's table of sites, trace's struct trace_thread */
	uint32_t promise;    /* trace: number that its creator got for it, 0: none */
	void *clock;	     /* cpu: the mapping that keeps this thread's clock alive */
	bool clock_is_first; /* cpu: it ticks with the first, random period */
	bool has_timer;	     /* cpu: gperftools has one for this thread */
	struct rt_wait wait; /* block: see sync_wait.c */
	/* The registers of the wrapper that it waits in, in that frame; NULL: none. After a jump out of it what they were. Read by
	 * live_stacks.c. */
	const struct stack_regs *waits_at;
};

extern RT_TLS struct rt_thread rt_thread;

/* This thread's state, made ready at its first use. Never NULL; `index` is UINT32_MAX when there is no slot left
 * (then the caller drops its event). Context: not in a signal handler unless already ready; maps memory. */
struct rt_thread *rt_thread_self_slow(void);
static inline struct rt_thread *rt_thread_self(void)
{
	return rt_likely(rt_thread.ready) ? &rt_thread : rt_thread_self_slow();
}

/* The same in a signal handler that interrupts the program's own code, for a thread that was there before we were; not ready where
 * that can't be done. */
struct rt_thread *rt_thread_self_in_handler(void);

/* Give the thread's slot and memory back; called as the thread ends. Context: the ending thread. */
void rt_thread_end(void);

/* Items of a table of the recording. */
#define rt_table(name, type) ((type *)((char *)rt_rec + rt_rec->table[REC_##name].offset))

/* Number of a fresh item of a table, or UINT32_MAX (and `lost` counted) when it is full. Any context. */
uint32_t rt_append(enum rec_table_id table);

/* Copy a string into STRINGS. Returns its offset, 0 for NULL and when full. Any context. */
uint32_t rt_string(const char *text);

/* Note in the recording, the first time, and on stderr why something is off: "cpu: perf_event_open: ...; ...". */
void rt_trouble(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Nanoseconds of CLOCK_MONOTONIC, or of the clock given: libc's own, even where the program mocks
 * clock_gettime. Any context. */
uint64_t rt_clock_ns(int clock_id);
static inline uint64_t rt_now_ns(void)
{
	return rt_clock_ns(1 /* CLOCK_MONOTONIC */);
}

/* Zeroed pages, or NULL. Never from malloc. Any context. */
void *rt_map(size_t size_bytes);
void rt_unmap(void *start, size_t size_bytes);

/* The next definition of a wrapped function, found before the program's main and cached by the caller. Context:
 * not a signal handler. `dlsym` itself may be mocked by the program: this finds libc's own. */
void *rt_real(const char *symbol);

#endif
