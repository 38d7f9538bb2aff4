/* SPDX-License-Identifier: MIT */
/* A critical path as text and JSON. What was lost is not said here; see trace_lost.h. */
#ifndef PPROFMK_TOOL_TRACE_PATH_PRINT_H
#define PPROFMK_TOOL_TRACE_PATH_PRINT_H

#include <stdio.h>

#include "tool/analysis/trace_path.h"

/* Its shares by state, and the first `number` functions, waits, threads, and longest steps in the order of time. */
void trace_path_print(FILE *stream, const struct trace *trace, const struct trace_path *path,
		      size_t number);

/* All of it as one object; what it has is in docs/pprof.trace.path.md. Of more steps than step_max the longest stay, in the
 * order of time, and how many were left out is said. */
void trace_path_print_json(FILE *stream, const struct trace *trace, const struct trace_path *path,
			   size_t step_max);

#endif
