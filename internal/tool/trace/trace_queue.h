/* SPDX-License-Identifier: MIT */
/* Many sources of things in the order of time, as one: a binary heap of when each has its next. */
#ifndef PPROFMK_TOOL_TRACE_QUEUE_H
#define PPROFMK_TOOL_TRACE_QUEUE_H

#include <stddef.h>
#include <stdint.h>

struct trace_queue_item {
	uint64_t ns;
	uint32_t source;
};

/* All zero: empty. Freed with free(items). */
struct trace_queue {
	struct trace_queue_item *items; /* the first is the earliest */
	size_t count, cap;
};

void trace_queue_add(struct trace_queue *queue, uint32_t source, uint64_t ns);

/* The first one has its next at another time; or, with the second, it has none. */
void trace_queue_move_first(struct trace_queue *queue, uint64_t ns);
void trace_queue_drop_first(struct trace_queue *queue);

#endif
