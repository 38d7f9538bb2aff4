/* SPDX-License-Identifier: MIT */
/* The critical path: the chain of running and waking that decided how long a test took.
 *
 * It is walked from its end to its beginning. While the thread at hand was on a CPU, or ready for one, that time is on the
 * path. Where it was blocked and another thread ended that, the path was with the other one, up to the moment of the wake;
 * where it has just been started, with its creator. What nobody in the trace ended (a sleep, a network) is on the path itself. So
 * the steps follow each other without gaps or overlaps, and add up to the time that the test took.
 *
 * That is the backward walk of C.-Q. Yang and B. P. Miller, "Critical Path Analysis for the Execution of Parallel and Distributed
 * Programs", ICDCS 1988, with waking edges instead of messages. To make what is not on the path faster does not make
 * the test faster; what is on it, not always by as much, since another chain may then be the longest. */
#ifndef PPROFMK_TOOL_TRACE_PATH_H
#define PPROFMK_TOOL_TRACE_PATH_H

#include <stddef.h>
#include <stdint.h>

#include "format/trace_file.h"

/* How the path came to a step's thread. */
enum trace_path_link {
	TRACE_PATH_SAME,    /* it was there already, or begins here */
	TRACE_PATH_WOKEN,   /* the thread of the step before ended its wait */
	TRACE_PATH_CREATED, /* the thread of the step before had started it */
};

struct trace_path_step {
	uint64_t start_ns, end_ns;
	uint32_t thread;
	uint32_t object,
		stack; /* WOKEN, or blocked: what it waited for and where; TRACE_NO_OBJECT, 0 */
	uint32_t waker_stack; /* WOKEN: where the other one was */
	uint64_t waited_ns;   /* WOKEN: how long it had waited, which is not on the path */
	uint8_t state;	      /* enum trace_state */
	uint8_t link;	      /* enum trace_path_link */
	uint8_t waited_state; /* WOKEN: enum trace_state of that wait */
};

/* Where and for what the path waited, or changed from thread to thread. */
struct trace_path_wait {
	uint32_t object, stack;
	uint32_t waker_stack; /* 0: nobody's, or not known */
	uint8_t state;	      /* of the wait */
	uint64_t count;	      /* steps */
	uint64_t path_ns; /* on the path: blocked, where nobody ended it; then ready until it ran */
	uint64_t waited_ns; /* beside it: how long those who were woken had waited */
};

/* Time on a CPU, by trace_stretch.h. */
struct trace_path_function {
	uint32_t function, file; /* strings */
	uint64_t flat_ns, cum_ns;
};

struct trace_path {
	uint64_t from_ns, to_ns;
	uint32_t thread; /* at whose end it began to be walked */
	size_t step_count;
	struct trace_path_step *steps; /* in the order of time */
	uint64_t ns
		[TRACE_STATE_COUNT]; /* adds up to to_ns - from_ns, as far back as the threads go */
	size_t function_count, wait_count, thread_count;
	struct trace_path_function *functions; /* by flat, largest first */
	struct trace_path_wait *waits;	       /* by path_ns + waited_ns, largest first */
	uint32_t *threads;		       /* that are on it, the longest first */
	uint64_t *thread_ns;		       /* [in threads' order] */
};

/* The path that ended at to_ns in a thread, back to from_ns.
 *
 * thread  TRACE_NO_THREAD: that of the test's body, and where the range is the whole trace, from its beginning to its end; the main
 *         thread where the trace has none.
 *
 * Takes memory for the steps: some 56 bytes for each change on the path. Never NULL; given back with trace_path_free(). */
struct trace_path *trace_path_new(const struct trace *trace, uint32_t thread, uint64_t from_ns,
				  uint64_t to_ns);
void trace_path_free(struct trace_path *path);

#endif
