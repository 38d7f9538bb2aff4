/* SPDX-License-Identifier: MIT */
/* The streams of all threads as one, in the order of time. */
#ifndef PPROFMK_TOOL_TRACE_MERGE_H
#define PPROFMK_TOOL_TRACE_MERGE_H

#include <stdbool.h>
#include <stdint.h>

#include "format/trace_file.h"

/* An item of one thread: a state at its beginning, or an event at its end. */
struct trace_merged {
	uint64_t ns;
	uint32_t thread;
	enum trace_stream stream; /* STATES: state, EVENTS: event */
	struct trace_state_item state;
	struct trace_event event;
};

struct trace_merge;

/* Merge what lies between from_ns and to_ns. At one moment those who leave a CPU come first, then events, then those who come to
 * one; then by thread.
 *
 * streams  1 << TRACE_STREAM_STATES, 1 << TRACE_STREAM_EVENTS, or both
 *
 * A cursor for each stream of the threads that live at a time: memory grows with their number, not with that of items.
 * Never NULL. */
struct trace_merge *trace_merge_new(const struct trace *trace, unsigned streams, uint64_t from_ns,
				    uint64_t to_ns);
void trace_merge_free(struct trace_merge *merge);

/* The next one; false after the last. */
bool trace_merge_next(struct trace_merge *merge, struct trace_merged *item);

#endif
