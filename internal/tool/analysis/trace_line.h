/* SPDX-License-Identifier: MIT */
/* Items of a trace as lines: one each, with fields that are always in the same order and separated by one space.
 *
 *     TIME TID/NAME TYPE [lasted=TIME] FIELD=VALUE...
 *
 * Times are seconds with nine digits behind the point. Texts and stacks are in quotes, control characters, quotes and
 * backslashes in them written as \xXX, so that a line is a line; in a thread's name spaces too. docs/pprof.trace.dump.md. */
#ifndef PPROFMK_TOOL_TRACE_LINE_H
#define PPROFMK_TOOL_TRACE_LINE_H

#include <stdio.h>

#include "tool/analysis/trace_merge.h"

/* Remembers how threads and stacks are written. */
struct trace_lines;

struct trace_lines *trace_lines_new(const struct trace *trace);
void trace_lines_free(struct trace_lines *lines);

void trace_line_put(FILE *stream, struct trace_lines *lines, const struct trace_merged *item);

#endif
