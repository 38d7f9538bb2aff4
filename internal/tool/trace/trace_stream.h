/* SPDX-License-Identifier: MIT */
/* The events of a thread, from the raw trace to the finished one: names, objects and threads by number, regions as a whole,
 * who ended each wait. */
#ifndef PPROFMK_TOOL_TRACE_STREAM_H
#define PPROFMK_TOOL_TRACE_STREAM_H

#include "tool/trace/trace_making.h"

/* Look at a thread's first event, or the next one behind that which was taken: it is live->next then. Returns when it ends,
 * of the trace; UINT64_MAX: never, or there is none. */
uint64_t trace_stream_next(struct trace_making *making, struct trace_live *live);

/* Write live->next, whose time has come. */
void trace_stream_take(struct trace_making *making, struct trace_live *live);

/* A thread ends: write what is unfinished, at that time. */
void trace_stream_end(struct trace_making *making, struct trace_live *live, uint64_t ns);

#endif
