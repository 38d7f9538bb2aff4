/* SPDX-License-Identifier: MIT */
#include "tool/trace_flight.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/trace_cut.h"

#define GROUP_NS UINT64_C(20000000)

/* A group has at most this share of the bytes that are wanted. */
enum { GROUPS_LEAST = 16 };

void trace_flight_open(struct trace_flight *flight, const struct flight_limits *limits, uint64_t ns)
{
	*flight = (struct trace_flight){.limits = *limits, .cut = {.recorded_ns = ns}};
	flight->cut.begin_ns = ns;
}

void trace_flight_close(struct trace_flight *flight)
{
	free(flight->groups);
	free(flight->fold.items);
}

static const struct flight_group *last_group(const struct trace_flight *flight)
{
	return flight->first < flight->count ? &flight->groups[flight->count - 1] : NULL;
}

bool trace_flight_is_due(const struct trace_flight *flight, const struct trace_store *store,
			 uint64_t ns)
{
	const struct flight_group *last = last_group(flight);
	uint64_t from_ns = last != NULL ? last->ns : flight->cut.begin_ns;
	uint64_t from = last != NULL ? last->end : store->first;

	return ns - from_ns >= GROUP_NS ||
	       store->size_bytes - from >= flight->limits.bytes / GROUPS_LEAST;
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
	const struct flight_group *group = &flight->groups[flight->first++];
	struct spool_block block;

	for (uint64_t at = store->first; at < group->end; at += sizeof block + block.size_bytes) {
		if (pread(store->fd, &block, sizeof block, (off_t)at) != (ssize_t)sizeof block)
			break;
		if (block.kind == SPOOL_SCHED)
			fold_block(flight, store->fd, at + sizeof block, block.size_bytes);
	}
	spool_fold_end(&flight->fold);
	flight->cut.begin_ns = group->ns;
	flight->cut.heap_bytes = group->heap_bytes;
	trace_store_drop(store, group->end);
}

/* Is the oldest group too much? The last one stays, whatever its size. */
static bool is_too_much(const struct trace_flight *flight, const struct trace_store *store,
			uint64_t ns)
{
	return flight->first + 1 < flight->count &&
	       ((flight->limits.ns < ns &&
		 flight->groups[flight->first].ns < ns - flight->limits.ns) ||
		store->size_bytes - store->first > flight->limits.bytes);
}

/* Those dropped make room for others. */
static void add_group(struct trace_flight *flight, const struct flight_group *group)
{
	if (flight->first > 0 && 2 * flight->first >= flight->cap) {
		flight->count -= flight->first;
		memmove(flight->groups, flight->groups + flight->first,
			flight->count * sizeof *group);
		flight->first = 0;
	}
	flight->groups = xgrow(flight->groups, flight->count, &flight->cap, sizeof *group);
	flight->groups[flight->count++] = *group;
}

void trace_flight_mark(struct trace_flight *flight, struct trace_store *store, uint64_t ns,
		       int64_t heap_bytes)
{
	add_group(flight, &(struct flight_group){ns, store->size_bytes, heap_bytes});
	while (is_too_much(flight, store, ns))
		drop(flight, store);
}

bool trace_flight_shrink(struct trace_flight *flight, struct trace_store *store)
{
	uint64_t bytes = (store->size_bytes - store->first) / 2;

	if (flight->first == flight->count)
		return false;
	if (bytes < flight->limits.bytes)
		flight->limits.bytes = bytes;
	while (flight->first < flight->count && store->size_bytes - store->first > bytes)
		drop(flight, store);
	return true;
}

void trace_flight_end(struct trace_flight *flight, struct trace_store *store, uint64_t ns)
{
	while (is_too_much(flight, store, ns))
		drop(flight, store);
	flight->cut.end_ns = ns;
	trace_store_add(store, SPOOL_WAS, 0, 0, 0, flight->fold.items,
			flight->fold.cap * sizeof *flight->fold.items);
	trace_store_add(store, SPOOL_CUT, 0, 0, 0, &flight->cut, sizeof flight->cut);
}
