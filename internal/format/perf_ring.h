/* SPDX-License-Identifier: MIT */
/* A ring of perf_event's and its records of who ran: see perf_event_open(2). What opens and maps it is the caller's. */
#ifndef PPROFMK_FORMAT_PERF_RING_H
#define PPROFMK_FORMAT_PERF_RING_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/trace_spool.h"

/* Where records go. A CPU's come in the order of time. */
struct trace_perf_sink {
	void *context;
	void (*sched)(void *context, uint32_t cpu, uint32_t pid, const struct spool_switch *item);
	void (*fault)(void *context, uint32_t cpu, uint32_t pid, const struct spool_fault *item);
	/* from_ns: of the last record before the hole, 0 where there is none. */
	void (*lost)(void *context, uint32_t cpu, const struct spool_lost *item);
};

/* An inheriting event of one CPU that writes switches, beginnings and ends of threads; or of page faults. */
struct perf_event_attr perf_ring_attr(bool is_of_faults);

/* The largest record. */
enum { PERF_RECORD_BYTES = 1 << 16 };

struct perf_ring {
	struct perf_event_mmap_page *page; /* the mapping: a page, and a power of two of them */
	size_t size_bytes;		   /* of all of it */
	size_t page_bytes;
	uint64_t marked, last_ns;
};

/* How far it is filled by now: what comes later is not drained by the next perf_ring_drain(). */
void perf_ring_mark(struct perf_ring *ring);

/* Hand over what was there at the mark, and make room. record: of PERF_RECORD_BYTES and aligned to 8, for one that goes
 * over the ring's end. */
void perf_ring_drain(struct perf_ring *ring, uint8_t *record, uint32_t cpu, bool is_of_faults,
		     const struct trace_perf_sink *sink);

#endif
