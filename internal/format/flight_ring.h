/* SPDX-License-Identifier: MIT */
/* Which blocks of a spool are dropped when only its end is wanted: the bookkeeping of groups of blocks, for the tool and for a
 * program that records itself.
 *
 * When a group is closed everything is in the spool that came up to then, but for threads' chunks that are not full. So from the
 * end of the last group that was dropped on, nothing is missing. */
#ifndef PPROFMK_FORMAT_FLIGHT_RING_H
#define PPROFMK_FORMAT_FLIGHT_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "format/trace_spool.h"

/* Whichever is less. */
struct flight_limits {
	uint64_t ns, bytes; /* ns: UINT64_MAX where a size was given */
};

/* What may be asked for: less than 10 ms is less than there is between two looks at a busy machine's program, and 1 MB is 64 chunks of
 * events, which a test of some threads has in use at any time. */
#define FLIGHT_NS_LEAST	   UINT64_C(10000000)
#define FLIGHT_NS_MOST	   (UINT64_C(24) * 3600 * 1000000000)
#define FLIGHT_BYTES_LEAST (UINT64_C(1) << 20)
#define FLIGHT_BYTES_MOST  (UINT64_C(1) << 40)

/* What was stored up to a time, since the group before it. */
struct flight_group {
	uint64_t ns, end; /* end: in the spool's file */
	int64_t heap_bytes;
	uint64_t
		taken; /* ticks: chunks that threads had handed over by then are in it; of the tool's 0 */
};

/* When there are so many, two and two become one: groups are 20 ms long at first. */
enum { FLIGHT_GROUPS = 2048 };

struct flight_ring {
	struct flight_limits limits;
	uint64_t group_ns;
	uint64_t first;	      /* in the spool's file: what is before it was dropped */
	struct spool_cut cut; /* what is known of that; end_ns is left to the caller */
	uint64_t taken;	      /* of the last group that was dropped */
	uint32_t count;
	struct flight_group groups[FLIGHT_GROUPS]; /* the oldest first */
};

/* ns: the recording begins; first: in the file, the spool does. */
void flight_ring_open(struct flight_ring *ring, const struct flight_limits *limits, uint64_t ns,
		      uint64_t first);

/* Is it time to close a group? size: where the spool ends in its file, as of all here. */
bool flight_ring_is_due(const struct flight_ring *ring, uint64_t size, uint64_t ns);

/* What was stored up to `size` by the time `ns` is one group, behind which the heap had so many bytes in use. */
void flight_ring_close_group(struct flight_ring *ring, uint64_t size, uint64_t ns,
			     int64_t heap_bytes, uint64_t taken);

/* Is the oldest group too much? The last one stays, whatever its size. */
bool flight_ring_has_too_much(const struct flight_ring *ring, uint64_t size, uint64_t ns);

/* Take the oldest group out; there is one. The caller drops the blocks from ring->first of before up to it. */
void flight_ring_drop(struct flight_ring *ring);

/* The disk is full: make do with half of what there is. False: there is nothing to be dropped. */
bool flight_ring_shrink(struct flight_ring *ring, uint64_t size);

#endif
