/* SPDX-License-Identifier: MIT */
/* From what was recorded to the finished trace (format/trace_file.h): one pass in the order of time. Memory is bounded by the
 * number of threads that live at once, stacks and objects, not by the length of the trace. */
#ifndef PPROFMK_TOOL_TRACE_FINISH_H
#define PPROFMK_TOOL_TRACE_FINISH_H

#include "format/trace_file.h"
#include "tool/sym/sym.h"
#include "tool/trace/trace_raw.h"

/* Write the trace at `path`, by rename.
 *
 * info  what is not in the raw trace: program, test, outcome, source, note; the rest is filled in.
 *
 * Returns 0 or -errno, after a message, and then nothing is there. */
int trace_finish(const struct trace_raw *raw, struct sym *sym, const char *path,
		 struct trace_info *info);

#endif
