/* SPDX-License-Identifier: MIT */
/* Thread analysis as text, CSV and JSON. What was lost is not said here; see trace_lost.h. */
#ifndef PPROFMK_TOOL_TRACE_STAT_PRINT_H
#define PPROFMK_TOOL_TRACE_STAT_PRINT_H

#include <stdio.h>

#include "tool/analysis/trace_stat.h"

/* A line about the trace, a table of groups, and one of threads. States that no thread was in have no column. */
void trace_stat_print(FILE *stream, const struct trace *trace, const struct trace_stat *stat,
		      const char *func);

/* A head, and a line for each thread; all times in nanoseconds, every state (RFC 4180). */
void trace_stat_print_csv(FILE *stream, const struct trace *trace, const struct trace_stat *stat);

/* One object; what it has is in docs/pprof.trace.stat.md. */
void trace_stat_print_json(FILE *stream, const struct trace *trace, const struct trace_stat *stat);

#endif
