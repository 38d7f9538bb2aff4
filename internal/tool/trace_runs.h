/* SPDX-License-Identifier: MIT */
/* What the kernel counts for each thread: how long it ran, and how long it was ready and waited for a CPU
 * (/proc/PID/task/TID/schedstat). Looked up now and then, for those that came to a CPU since. */
#ifndef PPROFMK_TOOL_TRACE_RUNS_H
#define PPROFMK_TOOL_TRACE_RUNS_H

#include <stddef.h>
#include <stdint.h>

#include "format/trace_spool.h"

struct trace_runs;

struct trace_runs *trace_runs_new(void);
void trace_runs_free(struct trace_runs *runs);

/* A thread has come to a CPU. */
void trace_runs_note(struct trace_runs *runs, uint32_t tid);

/* Look up what has been noted, where it is time to: the fewer threads, the more often.
 *
 * pid  0: not known yet, and nothing is looked up.
 *
 * The items are valid until the next call; *count may be 0. */
const struct spool_run *trace_runs_look(struct trace_runs *runs, uint32_t pid, uint64_t now_ns,
					size_t *count);

#endif
