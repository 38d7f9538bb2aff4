/* SPDX-License-Identifier: MIT */
/* What is printed of one test that was traced. */
#ifndef PPROFMK_TOOL_TRACE_SUMMARY_H
#define PPROFMK_TOOL_TRACE_SUMMARY_H

#include <stdio.h>

#include "tool/run/trace_run.h"

void trace_summary(FILE *stream, const struct trace_run *traced);

/* Of a flight in which no run failed. has_older: there is a trace of an earlier one. */
void trace_summary_none(FILE *stream, const struct trace_run *traced, bool has_older);

#endif
