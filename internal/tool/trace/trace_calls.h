/* SPDX-License-Identifier: MIT */
/* Who ended a wait for data, as far as it was another thread of the program: the one that wrote what was waited for, or that read
 * what stood in the way of a writer. A descriptor does not say what its other end is; which ones belong together is learned
 * from the waits that only one thread can have ended. */
#ifndef PPROFMK_TOOL_TRACE_CALLS_H
#define PPROFMK_TOOL_TRACE_CALLS_H

#include "tool/trace/trace_live.h"

struct trace_calls;

struct trace_calls *trace_calls_new(void);
void trace_calls_free(struct trace_calls *calls);

/* A thread has another `next`: to be called when it is taken, and before it is passed. */
void trace_calls_enter(struct trace_calls *calls, struct trace_live *live);
void trace_calls_leave(struct trace_calls *calls, struct trace_live *live);

/* Who let live->next, a system call, go on at some time in from_ns..to_ns? The stack is left to the caller: *node is its
 * node of the recording. False: nobody that is known. */
bool trace_calls_find(struct trace_calls *calls, const struct trace_live *live, uint64_t from_ns,
		      uint64_t to_ns, struct trace_wake_item *item, uint32_t *node);

#endif
