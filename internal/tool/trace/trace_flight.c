/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_flight.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/trace/trace_cut.h"

void trace_flight_close(struct trace_flight *flight)
{
	free(flight->fold.items);
}

/* A block of the scheduler's, read back. */
static void fold_block(struct trace_flight *flight, int fd, uint64_t at, uint32_t size)
{
	struct spool_switch *items = xcalloc(size / sizeof *items + 1, sizeof *items);

	if (pread(fd, items, size, (off_t)at) == (ssize_t)size)
		trace_cut_add(&flight->fold, items, size / sizeof *items);
	free(items);
}

/* Drop the oldest group. */
static void drop(struct trace_flight *flight, struct trace_store *store)
{
	struct spool_block block;

	flight_ring_drop(&flight->ring);
	for (uint64_t at = store->first; at < flight->ring.first;
	     at += sizeof block + block.size_bytes) {
		if (pread(store->fd, &block, sizeof block, (off_t)at) != (ssize_t)sizeof block)
			break;
		if (block.kind == SPOOL_SCHED)
			fold_block(flight, store->fd, at + sizeof block, block.size_bytes);
	}
	spool_fold_end(&flight->fold);
	trace_store_drop(store, flight->ring.first);
}

void trace_flight_mark(struct trace_flight *flight, struct trace_store *store, uint64_t ns,
		       int64_t heap_bytes)
{
	flight_ring_close_group(&flight->ring, store->size_bytes, ns, heap_bytes, 0);
	while (flight_ring_has_too_much(&flight->ring, store->size_bytes, ns))
		drop(flight, store);
}

bool trace_flight_shrink(struct trace_flight *flight, struct trace_store *store)
{
	if (!flight_ring_shrink(&flight->ring, store->size_bytes))
		return false;
	do
		drop(flight, store);
	while (flight->ring.count > 0 &&
	       store->size_bytes - store->first > flight->ring.limits.bytes);
	return true;
}

void trace_flight_end(struct trace_flight *flight, struct trace_store *store, uint64_t ns)
{
	while (flight_ring_has_too_much(&flight->ring, store->size_bytes, ns))
		drop(flight, store);
	flight->ring.cut.end_ns = ns;
	trace_store_add(store, SPOOL_WAS, 0, 0, 0, flight->fold.items,
			flight->fold.cap * sizeof *flight->fold.items);
	trace_store_add(store, SPOOL_CUT, 0, 0, 0, &flight->ring.cut, sizeof flight->ring.cut);
}
