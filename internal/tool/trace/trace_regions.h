/* SPDX-License-Identifier: MIT */
/* Regions of a thread: from their beginnings and ends events with a duration and a depth are made. */
#ifndef PPROFMK_TOOL_TRACE_REGIONS_H
#define PPROFMK_TOOL_TRACE_REGIONS_H

#include "tool/trace/trace_making.h"

/* The thread was there when the trace began: regions that end in it, and began before, are open. Its reader stands at its
 * beginning. */
void trace_regions_open(struct trace_making *making, struct trace_live *live);

/* live->next begins one, or ends one. Those within it that were left by a jump end with it. An end without a beginning is of before
 * the trace. */
void trace_regions_begin(struct trace_making *making, struct trace_live *live);
void trace_regions_end(struct trace_making *making, struct trace_live *live);

/* The same of an event before the trace begins: it is not written. */
void trace_regions_pass(struct trace_making *making, struct trace_live *live);

/* The thread ends: so do all. */
void trace_regions_end_all(struct trace_making *making, struct trace_live *live, uint64_t ns);

#endif
