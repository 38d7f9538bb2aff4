/* SPDX-License-Identifier: MIT */
#include "tool/analysis/trace_merge.h"

#include <stdlib.h>

#include "base/xalloc.h"

/* A stream. Before its thread begins it has no cursor; `item` is what comes next of it. */
struct source {
	struct trace_cursor *cursor;
	struct trace_merged item;
	unsigned rank; /* among those of one moment */
};

struct trace_merge {
	const struct trace *trace;
	uint64_t from_ns, to_ns;
	struct source *sources;
	struct source **
		heap; /* the least first: heap[i] is not after heap[2 * i + 1] and heap[2 * i + 2] */
	size_t len;
};

static bool is_before(const struct source *a, const struct source *b)
{
	if (a->item.ns != b->item.ns)
		return a->item.ns < b->item.ns;
	if (a->rank != b->rank)
		return a->rank < b->rank;
	if (a->item.thread != b->item.thread)
		return a->item.thread < b->item.thread;
	return a->item.stream < b->item.stream;
}

/* Let what is at a place sink to where it belongs. */
static void sink(struct trace_merge *merge, size_t at)
{
	struct source *moved = merge->heap[at];

	for (size_t child; (child = 2 * at + 1) < merge->len; at = child) {
		if (child + 1 < merge->len && is_before(merge->heap[child + 1], merge->heap[child]))
			child++;
		if (!is_before(merge->heap[child], moved))
			break;
		merge->heap[at] = merge->heap[child];
	}
	merge->heap[at] = moved;
}

struct trace_merge *trace_merge_new(const struct trace *trace, unsigned streams, uint64_t from_ns,
				    uint64_t to_ns)
{
	struct trace_merge *merge = xcalloc(1, sizeof *merge);
	size_t count = trace_thread_count(trace);

	merge->trace = trace;
	merge->from_ns = from_ns;
	merge->to_ns = to_ns;
	merge->sources = xcalloc(2 * count, sizeof *merge->sources);
	merge->heap = xcalloc(2 * count, sizeof *merge->heap);
	for (uint32_t i = 0; i < count; i++) {
		for (unsigned stream = TRACE_STREAM_STATES; stream <= TRACE_STREAM_EVENTS;
		     stream++) {
			struct source *source = &merge->sources[merge->len];

			if (!(streams >> stream & 1))
				continue;
			source->item.ns = trace_thread(trace, i)->start_ns;
			source->item.thread = i;
			source->item.stream = (enum trace_stream)stream;
			merge->heap[merge->len++] = source;
		}
	}
	for (size_t i = merge->len / 2; i > 0; i--)
		sink(merge, i - 1);
	return merge;
}

void trace_merge_free(struct trace_merge *merge)
{
	for (size_t i = 0; i < merge->len; i++) {
		if (merge->heap[i]->cursor)
			trace_cursor_free(merge->heap[i]->cursor);
	}
	free(merge->sources);
	free(merge->heap);
	free(merge);
}

static unsigned rank_of(const struct trace_merged *item)
{
	if (item->stream == TRACE_STREAM_EVENTS)
		return 1;
	return item->state.state == TRACE_STATE_RUNNING || item->state.state == TRACE_STATE_SYSCALL
		       ? 2
		       : 0;
}

/* Read the next item of a source. */
static bool advance(struct source *source)
{
	bool is_there;

	if (source->item.stream == TRACE_STREAM_STATES) {
		is_there = trace_state_next(source->cursor, &source->item.state);
		source->item.ns = source->item.state.start_ns;
	} else {
		is_there = trace_event_next(source->cursor, &source->item.event);
		source->item.ns = source->item.event.end_ns;
	}
	source->rank = is_there ? rank_of(&source->item) : 0;
	return is_there;
}

/* Take the first source away. */
static void remove_first(struct trace_merge *merge)
{
	struct source *first = merge->heap[0];

	trace_cursor_free(first->cursor);
	first->cursor = NULL;
	merge->heap[0] = merge->heap[--merge->len];
	if (merge->len)
		sink(merge, 0);
}

bool trace_merge_next(struct trace_merge *merge, struct trace_merged *item)
{
	while (merge->len) {
		struct source *first = merge->heap[0];
		bool is_open = first->cursor != NULL;

		if (is_open)
			*item = first->item;
		else
			first->cursor =
				trace_cursor_new(merge->trace, first->item.stream,
						 first->item.thread, merge->from_ns, merge->to_ns);
		if (advance(first))
			sink(merge, 0);
		else
			remove_first(merge);
		if (is_open)
			return true;
	}
	return false;
}
