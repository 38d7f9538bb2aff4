/* SPDX-License-Identifier: MIT */
/* Who waited for what in a trace, where, and who ended the wait: for a lock, who held it and where it was unlocked. */
#ifndef PPROFMK_TOOL_TRACE_LOCKS_H
#define PPROFMK_TOOL_TRACE_LOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/trace_file.h"

/* Waits, each from asking to having: the time until the thread runs again is part of it. */
struct trace_lock_sum {
	uint64_t count, total_ns;
	uint64_t
		unsuccessful; /* of count: timed out, failed, cancelled, or not over when the trace was */
	/* The longest one: how long, since when, whose, and who ended it (TRACE_NO_THREAD: not known). */
	uint64_t longest_ns, longest_start_ns;
	uint32_t longest_thread, longest_waker;
};

/* Waits of threads of one function at one place, ended by threads of one function at one place. */
struct trace_lock_pair {
	uint32_t lock; /* which of struct trace_locks' */
	uint32_t function,
		stack; /* string: what the waiting threads were started with; where they waited */
	uint32_t waker_function, waker_stack; /* who ended it: 0 and 0 where that is not known */
	struct trace_lock_sum sum;
};

struct trace_lock {
	uint32_t object;
	bool is_lock; /* a mutex, rwlock or spinlock: whoever ends a wait has held it */
	struct trace_lock_sum sum;
	size_t first, count; /* in struct trace_locks' pairs, by total, longest first */
};

struct trace_locks {
	uint64_t from_ns, to_ns;
	size_t count;
	struct trace_lock *locks; /* by total, longest first, then by address */
	size_t pair_count;
	struct trace_lock_pair *pairs;
};

/* All objects that somebody waited for between from_ns and to_ns. Of a wait that is longer only what lies there counts.
 *
 * Reads all events once; memory grows with the number of different pairs. Never NULL; given back with trace_locks_free(). */
struct trace_locks *trace_locks_new(const struct trace *trace, uint64_t from_ns, uint64_t to_ns);
void trace_locks_free(struct trace_locks *locks);

#endif
