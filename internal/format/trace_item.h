/* SPDX-License-Identifier: MIT */
/* Items of streams as bytes, in the order of a chunk: each is written relative to the one before it. */
#ifndef PPROFMK_FORMAT_TRACE_ITEM_H
#define PPROFMK_FORMAT_TRACE_ITEM_H

#include "format/trace_file.h"

/* Of any stream. start_ns and end_ns come first in all of them. */
union trace_item {
	struct {
		uint64_t start_ns, end_ns;
	};
	struct trace_state_item state;
	struct trace_event event;
	struct trace_cpu_item cpu;
	struct {
		uint64_t start_ns, end_ns;
		int64_t bytes;
	} heap;
};

/* What an item is relative to. */
struct trace_item_base {
	uint64_t ns;   /* where the item before it ended; the chunk's first_ns before the first */
	int64_t bytes; /* heap: of the item before it, 0 before the first */
};

/* Bytes that any item takes at most. */
enum { TRACE_ITEM_MAX = 96 };

/* Write an item to `to`, which has room for TRACE_ITEM_MAX bytes. Its times are in order with the base. Returns what comes
 * behind it. */
uint8_t *trace_item_put(uint8_t *to, enum trace_stream stream, const union trace_item *item,
			struct trace_item_base *base);

/* Read one. NULL where it is cut off or makes no sense. */
const uint8_t *trace_item_get(const uint8_t *from, const uint8_t *end, enum trace_stream stream,
			      union trace_item *item, struct trace_item_base *base);

#endif
