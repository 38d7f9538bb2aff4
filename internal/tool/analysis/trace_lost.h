/* SPDX-License-Identifier: MIT */
/* What a trace does not have: the first thing that every reader of one says. */
#ifndef PPROFMK_TOOL_TRACE_LOST_H
#define PPROFMK_TOOL_TRACE_LOST_H

#include <stdbool.h>
#include <stdio.h>

#include "format/trace_file.h"

/* Is anything missing: events, switches, a part of the file, or what lay in chunks that turned out to be damaged? Of those it knows when
 * they have been read: an analysis asks behind its work. */
bool trace_lost_is_any(const struct trace *trace);

/* When events were dropped: the time from the first of the stretches that lack some to the end of the last one. False: the file does
 * not say. */
bool trace_lost_when(const struct trace *trace, uint64_t *from_ns, uint64_t *to_ns);

/* One sentence: "nothing was lost", or what was: "lost: 1200 events of 2 threads (most of them of worker (12): 1000) between
 * 0.250000000s and 0.750000000s, 3 switches; 4096 bytes of the file are missing or damaged; 2 damaged chunks were passed over". The caller frees it. */
char *trace_lost_text(const struct trace *trace);

/* The sentence as a line, and another with what the trace itself has to say (info's note), if it has. Each begins with
 * `before`. */
void trace_lost_print(FILE *stream, const struct trace *trace, const char *before);

#endif
