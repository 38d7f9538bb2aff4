/* SPDX-License-Identifier: MIT */
/* The kernel's record of a process tree's threads: when each came to a CPU and left it, began and ended, and its page
 * faults. From perf_event, as an ordinary user has it (perf_event_paranoid up to 2): one inheriting event for each CPU.
 *
 * Records stay in rings of the kernel's until they are drained; what does not fit is counted. */
#ifndef PPROFMK_TOOL_TRACE_PERF_H
#define PPROFMK_TOOL_TRACE_PERF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "format/perf_ring.h"

struct trace_perf;

/* Watch a process that is there and waits, and all that it is going to start.
 *
 * NULL where the kernel refuses, with the reason in why[why_size]. Without page faults, but with all else, when it refuses only
 * those: trace_perf_has_faults(). */
struct trace_perf *trace_perf_open(pid_t child, char *why, size_t why_size);
bool trace_perf_has_faults(const struct trace_perf *perf);
void trace_perf_close(struct trace_perf *perf);

/* How far the rings are filled by now. Records that come later are not drained by the next trace_perf_drain(): so it can be said of each
 * whether it was written before something else was seen. */
void trace_perf_mark(struct trace_perf *perf);

/* Hand over what was there at the last mark, and make room. */
void trace_perf_drain(struct trace_perf *perf, const struct trace_perf_sink *sink);

#endif
