/* SPDX-License-Identifier: MIT */
/* Sums over items of a stream (struct trace_sum), and those of a chunk's groups as bytes. */
#ifndef PPROFMK_FORMAT_TRACE_SUM_H
#define PPROFMK_FORMAT_TRACE_SUM_H

#include "format/trace_item.h"
#include "format/trace_layout.h"

/* A sum over consecutive items, and when these are. */
struct trace_span {
	uint64_t start_ns, end_ns; /* earliest start, last end */
	struct trace_sum sum;
};

/* Of no items. */
void trace_sum_clear(struct trace_sum *sum);

/* Of one item. */
void trace_sum_of(struct trace_span *span, enum trace_stream stream, const union trace_item *item);

/* Add a part, 0..1, of a sum. Its lowest and highest count whatever the share; of two threads at the top, the one that ran
 * longer stays. */
void trace_sum_add(struct trace_sum *into, const struct trace_sum *from, double share);

/* Add items to a span; `is_first` where it has none yet. */
void trace_span_add(struct trace_span *into, const struct trace_span *from, bool is_first);

/* Bytes that a group's sum takes at most. */
enum { TRACE_GROUP_MAX = 10 * (TRACE_STATE_COUNT + 10) };

/* As trace_item_put() and trace_item_get(): relative to where the group before it ended. Whole nanoseconds. */
uint8_t *trace_group_put(uint8_t *to, const struct trace_span *group, uint64_t *base_ns);
const uint8_t *trace_group_get(const uint8_t *from, const uint8_t *end, struct trace_span *group,
			       uint64_t *base_ns);

struct trace_sum_record trace_sum_to_record(const struct trace_span *span);
struct trace_span trace_sum_from_record(const struct trace_sum_record *record);

#endif
