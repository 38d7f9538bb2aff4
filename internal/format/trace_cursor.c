/* SPDX-License-Identifier: MIT */
/* Walking a stream, chunk by chunk. */
#include <stdatomic.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "format/trace_reader.h"

struct trace_cursor {
	const struct trace *trace;
	enum trace_stream stream;
	uint64_t from_ns, to_ns;
	uint32_t types;		   /* of events that are wanted */
	uint64_t region_ns;	   /* of regions, the shortest wanted */
	uint32_t chunk, chunk_end; /* the next one, in trace->chunks, and where the stream's end */
	uint32_t left;		   /* items of the current one */
	const uint8_t *at, *end;
	uint8_t *buffer;
	size_t buffer_cap;
	struct trace_item_base base;
};

/* The first chunk of a stream that has something at from_ns or later: they are in the order of their ends. */
static uint32_t first_chunk(const struct trace *trace, const struct trace_stream_record *stream,
			    uint64_t from_ns)
{
	uint32_t low = stream->first_chunk, high = stream->first_chunk + stream->chunk_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (trace->chunks[middle].last_ns < from_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct trace_cursor *trace_cursor_new(const struct trace *trace, enum trace_stream stream,
				      uint32_t owner, uint64_t from_ns, uint64_t to_ns)
{
	const struct trace_stream_record *record = trace_stream_of(trace, stream, owner);
	struct trace_cursor *cursor = xcalloc(1, sizeof *cursor);

	cursor->trace = trace;
	cursor->stream = stream;
	cursor->from_ns = from_ns;
	cursor->to_ns = to_ns;
	cursor->types = UINT32_MAX;
	if (record != NULL) {
		cursor->chunk = first_chunk(trace, record, from_ns);
		cursor->chunk_end = record->first_chunk + record->chunk_count;
	}
	return cursor;
}

void trace_cursor_only(struct trace_cursor *cursor, uint32_t types)
{
	cursor->types = types;
}

void trace_cursor_regions(struct trace_cursor *cursor, uint64_t shortest_ns)
{
	cursor->types = UINT32_C(1) << TRACE_REGION;
	cursor->region_ns = shortest_ns;
}

void trace_cursor_free(struct trace_cursor *cursor)
{
	free(cursor->buffer);
	free(cursor);
}

uint32_t trace_damaged_chunks(const struct trace *trace)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < trace->chunk_count; i++)
		count += atomic_load_explicit(&trace->is_damaged[i], memory_order_relaxed);
	return count;
}

/* The chunk that the cursor is at, or can't begin. */
static void pass_over(struct trace_cursor *cursor)
{
	atomic_store_explicit(&cursor->trace->is_damaged[cursor->chunk - 1], true,
			      memory_order_relaxed);
	cursor->left = 0;
}

static bool has_wanted(const struct trace_cursor *cursor, const struct trace_chunk_record *chunk)
{
	return (chunk->types & cursor->types) != 0 &&
	       (chunk->region_ns >= cursor->region_ns || chunk->region_ns == UINT32_MAX);
}

static bool is_event_wanted(const struct trace_cursor *cursor, const union trace_item *item)
{
	return (cursor->types >> item->event.type & 1) != 0 &&
	       item->end_ns - item->start_ns >= cursor->region_ns;
}

/* Go to the next chunk that has something before to_ns and can be read. */
static bool next_chunk(struct trace_cursor *cursor)
{
	while (cursor->chunk < cursor->chunk_end) {
		const struct trace_chunk_record *chunk = &cursor->trace->chunks[cursor->chunk++];
		size_t size;

		if (chunk->first_ns >= cursor->to_ns ||
		    (cursor->stream == TRACE_STREAM_EVENTS && !has_wanted(cursor, chunk)))
			continue;
		size = trace_unpack(cursor->trace, chunk, &cursor->buffer, &cursor->buffer_cap);
		if (size == 0) {
			pass_over(cursor);
			continue;
		}
		cursor->at = cursor->buffer;
		cursor->end = cursor->buffer + size;
		cursor->left = chunk->count;
		cursor->base = (struct trace_item_base){.ns = chunk->base_ns};
		return true;
	}
	return false;
}

static bool is_wanted(const struct trace_cursor *cursor, const union trace_item *item)
{
	if (item->start_ns >= cursor->to_ns ||
	    (cursor->stream == TRACE_STREAM_EVENTS && !is_event_wanted(cursor, item)))
		return false;
	/* An item that ends where the range begins is over, unless it is a moment. */
	if (cursor->stream == TRACE_STREAM_EVENTS || item->start_ns == item->end_ns)
		return item->end_ns >= cursor->from_ns;
	return item->end_ns > cursor->from_ns;
}

static bool next_item(struct trace_cursor *cursor, union trace_item *item)
{
	for (;;) {
		if (cursor->left == 0 && !next_chunk(cursor))
			return false;
		cursor->left--;
		cursor->at = trace_item_get(cursor->at, cursor->end, cursor->stream, item,
					    &cursor->base);
		if (cursor->at == NULL) {
			pass_over(cursor);
		} else if (is_wanted(cursor, item)) {
			return true;
		}
	}
}

bool trace_state_next(struct trace_cursor *cursor, struct trace_state_item *item)
{
	union trace_item any;
	bool is_there = cursor->stream == TRACE_STREAM_STATES && next_item(cursor, &any);

	if (is_there)
		*item = any.state;
	return is_there;
}

bool trace_event_next(struct trace_cursor *cursor, struct trace_event *event)
{
	union trace_item any;
	bool is_there = cursor->stream == TRACE_STREAM_EVENTS && next_item(cursor, &any);

	if (is_there)
		*event = any.event;
	return is_there;
}

bool trace_cpu_next(struct trace_cursor *cursor, struct trace_cpu_item *item)
{
	union trace_item any;
	bool is_there = cursor->stream == TRACE_STREAM_CPU && next_item(cursor, &any);

	if (is_there)
		*item = any.cpu;
	return is_there;
}

bool trace_heap_next(struct trace_cursor *cursor, struct trace_heap_item *item)
{
	union trace_item any;
	bool is_there = cursor->stream == TRACE_STREAM_HEAP && next_item(cursor, &any);

	if (is_there)
		*item = (struct trace_heap_item){any.start_ns, any.heap.bytes};
	return is_there;
}
