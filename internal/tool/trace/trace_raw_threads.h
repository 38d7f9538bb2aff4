/* SPDX-License-Identifier: MIT */
/* Which threads of a recording are in the trace. */
#ifndef PPROFMK_TOOL_TRACE_RAW_THREADS_H
#define PPROFMK_TOOL_TRACE_RAW_THREADS_H

#include "tool/trace/trace_raw.h"

/* Fill in raw->threads and what goes with it; raw->cut is known. */
void trace_raw_threads_take(struct trace_raw *raw);

#endif
