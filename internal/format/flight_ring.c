/* SPDX-License-Identifier: MIT */
#include "format/flight_ring.h"

#include <string.h>

#define GROUP_NS UINT64_C(20000000)

/* A group has at most this share of the bytes that are wanted, and of the time. */
enum { SHARES = 32 };

void flight_ring_open(struct flight_ring *ring, const struct flight_limits *limits, uint64_t ns,
		      uint64_t first)
{
	*ring = (struct flight_ring){.limits = *limits,
				     .group_ns = GROUP_NS,
				     .first = first,
				     .cut = {.recorded_ns = ns, .begin_ns = ns}};
}

bool flight_ring_is_due(const struct flight_ring *ring, uint64_t size, uint64_t ns)
{
	const struct flight_group *last = ring->count > 0 ? &ring->groups[ring->count - 1] : NULL;
	uint64_t from_ns = last != NULL ? last->ns : ring->cut.begin_ns;
	uint64_t from = last != NULL ? last->end : ring->first;

	return ns - from_ns >= ring->group_ns || ns - from_ns >= ring->limits.ns / SHARES ||
	       size - from >= ring->limits.bytes / SHARES;
}

/* Of two neighbours the later one says what there is up to its end. */
static void join_pairs(struct flight_ring *ring)
{
	for (uint32_t i = 0; i < FLIGHT_GROUPS / 2; i++)
		ring->groups[i] = ring->groups[2 * i + 1];
	ring->count = FLIGHT_GROUPS / 2;
	ring->group_ns *= 2;
}

void flight_ring_close_group(struct flight_ring *ring, uint64_t size, uint64_t ns,
			     int64_t heap_bytes, uint64_t taken)
{
	if (ring->count == FLIGHT_GROUPS)
		join_pairs(ring);
	ring->groups[ring->count++] = (struct flight_group){ns, size, heap_bytes, taken};
}

bool flight_ring_has_too_much(const struct flight_ring *ring, uint64_t size, uint64_t ns)
{
	return ring->count > 1 &&
	       ((ring->limits.ns < ns && ring->groups[0].ns < ns - ring->limits.ns) ||
		size - ring->first > ring->limits.bytes);
}

void flight_ring_drop(struct flight_ring *ring)
{
	const struct flight_group group = ring->groups[0];

	memmove(ring->groups, ring->groups + 1, --ring->count * sizeof group);
	ring->first = group.end;
	ring->cut.begin_ns = group.ns;
	ring->cut.heap_bytes = group.heap_bytes;
	ring->taken = group.taken;
}

bool flight_ring_shrink(struct flight_ring *ring, uint64_t size)
{
	uint64_t bytes = (size - ring->first) / 2;

	if (ring->count == 0)
		return false;
	if (bytes < ring->limits.bytes)
		ring->limits.bytes = bytes;
	return true;
}
