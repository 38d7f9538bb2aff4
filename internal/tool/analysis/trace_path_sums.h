/* SPDX-License-Identifier: MIT */
#ifndef PPROFMK_TOOL_TRACE_PATH_SUMS_H
#define PPROFMK_TOOL_TRACE_PATH_SUMS_H

#include "tool/analysis/trace_path.h"

/* Fill in all of a path that follows from its steps. */
void trace_path_add_up(const struct trace *trace, struct trace_path *path);

#endif
