/* SPDX-License-Identifier: MIT */
/* Of a trace only the end is kept: blocks of the spool are dropped, the oldest first, a few milliseconds' worth at a time. What is
 * known of threads by what was dropped is folded up (format/spool_fold.h). */
#ifndef PPROFMK_TOOL_TRACE_FLIGHT_H
#define PPROFMK_TOOL_TRACE_FLIGHT_H

#include "format/flight_ring.h"
#include "format/spool_fold.h"
#include "tool/trace/trace_store.h"

struct trace_flight {
	struct flight_ring ring; /* of the blocks that are there */
	struct spool_fold fold;	 /* of those that are not */
};

void trace_flight_close(struct trace_flight *flight);

/* All that came up to `ns` is in the store, but for threads' chunks that are not full: drop what is older than is wanted. */
void trace_flight_mark(struct trace_flight *flight, struct trace_store *store, uint64_t ns,
		       int64_t heap_bytes);

/* The disk is full: make do with half of what there is. False: there is nothing to be dropped. */
bool trace_flight_shrink(struct trace_flight *flight, struct trace_store *store);

/* The recording has ended at `ns`: say in the store where the trace begins. */
void trace_flight_end(struct trace_flight *flight, struct trace_store *store, uint64_t ns);

#endif
