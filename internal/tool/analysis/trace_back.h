/* SPDX-License-Identifier: MIT */
/* The states of threads, read from their ends to their beginnings.
 *
 * Streams go forward only. A stretch of a thread that is asked for is read into memory, at most some thousand items, and
 * those asked for least lately are forgotten: a walk that jumps between threads costs each item about once, and some MB. */
#ifndef PPROFMK_TOOL_TRACE_BACK_H
#define PPROFMK_TOOL_TRACE_BACK_H

#include <stdint.h>

#include "format/trace_file.h"

struct trace_back;

/* Never NULL; given back with trace_back_free(). */
struct trace_back *trace_back_new(const struct trace *trace);
void trace_back_free(struct trace_back *back);

/* The state that a thread was in just before ns: it began before then, and ended then or later. NULL: the thread was not
 * there. Valid until the next call. Times asked for should not grow: going back is cheap, forward is not. */
const struct trace_state_item *trace_back_at(struct trace_back *back, uint32_t thread, uint64_t ns);

#endif
