/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_queue.h"

#include "base/xalloc.h"

void trace_queue_add(struct trace_queue *queue, uint32_t source, uint64_t ns)
{
	size_t at = queue->count;

	queue->items = xgrow(queue->items, queue->count++, &queue->cap, sizeof *queue->items);
	for (; at > 0 && queue->items[(at - 1) / 2].ns > ns; at = (at - 1) / 2)
		queue->items[at] = queue->items[(at - 1) / 2];
	queue->items[at] = (struct trace_queue_item){ns, source};
}

void trace_queue_move_first(struct trace_queue *queue, uint64_t ns)
{
	struct trace_queue_item *items = queue->items;
	struct trace_queue_item moved = {ns, items[0].source};
	size_t at = 0, child;

	while ((child = 2 * at + 1) < queue->count) {
		if (child + 1 < queue->count && items[child + 1].ns < items[child].ns)
			child++;
		if (items[child].ns >= ns)
			break;
		items[at] = items[child];
		at = child;
	}
	items[at] = moved;
}

void trace_queue_drop_first(struct trace_queue *queue)
{
	struct trace_queue_item last = queue->items[--queue->count];

	if (queue->count == 0)
		return;
	queue->items[0].source = last.source;
	trace_queue_move_first(queue, last.ns);
}
