/* SPDX-License-Identifier: MIT */
/* A trace as a file of Perfetto's. */
#ifndef PPROFMK_TOOL_TRACE_PERFETTO_H
#define PPROFMK_TOOL_TRACE_PERFETTO_H

#include <stdio.h>

#include "format/trace_file.h"

/* Write all of a trace: CPUs with who ran on them, states of threads, waits and system calls with their stacks, who woke
 * whom, the user's regions, tasks and log lines, the heap. What was lost is marked at the beginning. The numbers of messages
 * are those that Perfetto publishes (internal/format/perfetto.proto).
 *
 * Memory: the events of one thread at a time, and names. Returns 0 or -errno of writing. */
int trace_perfetto_put(FILE *file, const struct trace *trace);

/* The same into a file, by rename. 0 or -errno; nothing is left on failure. */
int trace_perfetto_write(const char *path, const struct trace *trace);

#endif
