/* SPDX-License-Identifier: MIT */
/* What `pprofmk trace` prints of one test. */
#ifndef PPROFMK_TOOL_TRACE_SUMMARY_H
#define PPROFMK_TOOL_TRACE_SUMMARY_H

#include <stdio.h>

#include "tool/trace_run.h"

void trace_summary(FILE *stream, const struct trace_run *traced);

#endif
