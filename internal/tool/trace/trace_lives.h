/* SPDX-License-Identifier: MIT */
/* The threads of a raw trace: each life of a number that the kernel uses again and again. Those that the runtime has met
 * are first, with its numbers; behind them come those that only the scheduler's record has. */
#ifndef PPROFMK_TOOL_TRACE_LIVES_H
#define PPROFMK_TOOL_TRACE_LIVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trace_live;

struct trace_life {
	uint32_t tid;
	uint32_t
		next_of_tid; /* the next life of that number, as the runtime knows it; UINT32_MAX: none */
	uint64_t start_ns, end_ns; /* end: UINT64_MAX while it is not known */
	uint64_t handle;
	uint64_t lost;	  /* events of it that were dropped, in the time of the trace */
	uint64_t damaged; /* chunks of which a part can't be read */
	bool is_begun, is_over;
	struct trace_live *live; /* NULL before and after its time */
};

struct trace_tid {
	uint32_t tid;
	uint32_t life; /* the present or last one, UINT32_MAX: none yet */
	uint32_t next; /* the next that the runtime knows, UINT32_MAX: none */
};

struct trace_lives {
	struct trace_life *items;
	size_t count, cap;
	uint32_t *order; /* those that the runtime knows, by when they start */
	size_t order_count, order_next;
	struct trace_tid *tids; /* open addressing; tid 0: free */
	size_t tid_count, tid_cap;
	struct trace_handle *handles; /* the last life of each pthread_t; open addressing */
	size_t handle_count, handle_cap;
};

/* Add the lives that the runtime knows, in the order of their numbers. Call trace_lives_sort() behind the last one. */
void trace_lives_add(struct trace_lives *lives, const struct trace_life *life);
void trace_lives_sort(struct trace_lives *lives);
void trace_lives_free(struct trace_lives *lives);

/* The entry of a thread's number, made if need be. Valid until the next call. */
struct trace_tid *trace_lives_tid(struct trace_lives *lives, uint32_t tid);

/* Add one that only the kernel knows. Returns its number. */
uint32_t trace_lives_extra(struct trace_lives *lives, uint32_t tid, uint64_t start_ns);

/* The thread that had a handle last; UINT32_MAX: none. */
void trace_lives_set_handle(struct trace_lives *lives, uint64_t handle, uint32_t life);
uint32_t trace_lives_of_handle(const struct trace_lives *lives, uint64_t handle);

#endif
