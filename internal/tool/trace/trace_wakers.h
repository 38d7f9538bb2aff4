/* SPDX-License-Identifier: MIT */
/* Who ended a thread's wait, and how much of the time that it was off its CPU it was ready again. */
#ifndef PPROFMK_TOOL_TRACE_WAKERS_H
#define PPROFMK_TOOL_TRACE_WAKERS_H

#include "tool/trace/trace_making.h"

/* Find who ended the wait or call live->next, at some time in from_ns..to_ns, and keep it in live->wake. */
void trace_wakers_find(struct trace_making *making, struct trace_live *live, uint64_t from_ns,
		       uint64_t to_ns);

/* A thread that was off its CPU since from_ns comes to one: from when on was it ready?
 *
 * woken_ns  when it is known to have been woken, in from_ns..to_ns; 0: not known. Then it is ready as long as it was on average
 *           in the stretch between two looks at what the kernel has counted, and not at all where there was no look. */
uint64_t trace_wakers_ready(struct trace_making *making, struct trace_live *live, uint64_t from_ns,
			    uint64_t to_ns, uint64_t woken_ns);

/* Its part of the kernel's counts. */
void trace_wakers_begin(const struct trace_making *making, struct trace_live *live, uint32_t tid,
			uint64_t start_ns);

#endif
