/* SPDX-License-Identifier: MIT */
/* The trace of a running program. */
#ifndef PPROFMK_TOOL_LIVE_TRACE_H
#define PPROFMK_TOOL_LIVE_TRACE_H

#include <stdint.h>

#include "tool/live/live_fetch.h"

/* Fetch a trace of some seconds, keep it as FOLDER/STEM.trace and print a summary. Returns the exit status, after a message
 * where that is no success; then nothing is kept. */
int live_trace(const struct live_place *place, uint64_t seconds, uint64_t limit_bytes,
	       const char *folder, const char *name);

#endif
