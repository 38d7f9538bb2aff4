/* SPDX-License-Identifier: MIT */
/* What coming to a CPU costs. The kernel counts the way there (1 to 2 us) as the thread's CPU time, in getrusage and everywhere,
 * but writes its record at the end of the way. */
#ifndef PPROFMK_TOOL_TRACE_TURNS_H
#define PPROFMK_TOOL_TRACE_TURNS_H

#include "tool/trace/trace_raw.h"

/* The way to a CPU in nanoseconds, on average: what the kernel has counted for threads from one look to another (struct
 * spool_run) without what its records have of the same time, by the number of turns. 0 where there were too few. */
uint64_t trace_turns_cost_ns(const struct trace_raw *raw);

#endif
