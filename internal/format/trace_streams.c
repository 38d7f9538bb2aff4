/* SPDX-License-Identifier: MIT */
#include "format/trace_streams.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/xalloc.h"
#include "format/write_file.h"

enum {
	PENDING_BYTES = 1 << 20,
	FIRST_CAP = 4 * TRACE_ITEM_MAX, /* most of a million short threads never need more */
	GROUPS_MAX = TRACE_CHUNK_ITEMS / TRACE_GROUP_ITEMS * TRACE_GROUP_MAX,
	/* Level 1: its speed is what counts while a trace is finished, and 3 would save some 5 %. */
	PACK_LEVEL = 1,
};

static void write_pending(struct trace_streams *streams)
{
	if (streams->error == 0)
		streams->error = fmt_write_all(streams->fd, streams->pending, streams->pending_len);
	streams->pending_len = 0;
}

static void append(struct trace_streams *streams, const void *bytes, size_t size)
{
	if (streams->pending == NULL)
		streams->pending = xmalloc(PENDING_BYTES);
	if (streams->pending_len + size > PENDING_BYTES)
		write_pending(streams);
	memcpy(streams->pending + streams->pending_len, bytes, size);
	streams->pending_len += size;
	streams->size_bytes += size;
}

static void add_sum(struct trace_streams *streams, const struct trace_stream_out *stream,
		    uint32_t level, const struct trace_span *span)
{
	streams->sums =
		xgrow(streams->sums, streams->sum_len, &streams->sum_cap, sizeof *streams->sums);
	streams->sums[streams->sum_len++] = (struct trace_sum_out){
		.stream = stream->number, .level = level, .record = trace_sum_to_record(span)};
}

/* A chunk is complete: its sum is one of level 0, and goes to the next level with each that is complete then. */
static void climb(struct trace_streams *streams, struct trace_stream_out *stream)
{
	const struct trace_span *span = &stream->chunk;
	struct trace_levels *levels = stream->levels;

	if (levels == NULL)
		levels = stream->levels = xcalloc(1, sizeof *levels);
	add_sum(streams, stream, 0, span);
	for (uint32_t level = 1; level < TRACE_LEVELS; level++) {
		trace_span_add(&levels->spans[level], span, levels->counts[level] == 0);
		if (++levels->counts[level] < TRACE_FAN)
			return;
		levels->counts[level] = 0;
		add_sum(streams, stream, level, &levels->spans[level]);
		span = &levels->spans[level];
	}
}

/* Items as they are stored: packed where that is smaller. Returns their size. */
static size_t append_items(struct trace_streams *streams, const struct trace_stream_out *stream,
			   uint32_t *crc)
{
	static uint8_t packed[TRACE_CHUNK_MAX];
	const uint8_t *bytes = stream->items;
	size_t size = ZSTD_compressCCtx(streams->packer, packed, sizeof packed, stream->items,
					stream->len, PACK_LEVEL);

	if (!ZSTD_isError(size) && size < stream->len)
		bytes = packed;
	else
		size = stream->len;
	*crc = (uint32_t)crc32(0, bytes, (uInt)size);
	append(streams, bytes, size);
	return size;
}

static void end_group(struct trace_stream_out *stream, uint32_t in_group)
{
	if (in_group == 0)
		return;
	if (stream->groups == NULL)
		stream->groups = xmalloc(GROUPS_MAX);
	stream->groups_len = (size_t)(trace_group_put(stream->groups + stream->groups_len,
						      &stream->group, &stream->group_base_ns) -
				      stream->groups);
	trace_span_add(&stream->chunk, &stream->group, stream->item_count <= TRACE_GROUP_ITEMS);
}

/* is_last: of the stream. One that is its only chunk has no sum: there may be a million of them. */
static void end_chunk(struct trace_streams *streams, struct trace_stream_out *stream, bool is_last)
{
	struct trace_chunk_record record = {.offset = streams->size_bytes};

	if (stream->item_count == 0)
		return;
	end_group(stream, stream->item_count % TRACE_GROUP_ITEMS);
	record.first_ns = stream->chunk.start_ns;
	record.last_ns = stream->chunk.end_ns;
	record.base_ns = stream->first_ns;
	record.types = stream->types;
	record.region_ns = stream->region_ns;
	record.count = stream->item_count;
	record.unpacked_size = (uint32_t)stream->len;
	record.size = (uint32_t)append_items(streams, stream, &record.crc);
	record.groups_size = (uint32_t)stream->groups_len;
	record.groups_crc = (uint32_t)crc32(0, stream->groups, (uInt)stream->groups_len);
	append(streams, stream->groups, stream->groups_len);
	streams->chunks = xgrow(streams->chunks, streams->chunk_len, &streams->chunk_cap,
				sizeof *streams->chunks);
	streams->chunks[streams->chunk_len++] = (struct trace_chunk_out){stream->number, record};
	if (stream->chunk_count > 0 || !is_last)
		climb(streams, stream);
	stream->chunk_count++;
	stream->item_count = 0;
	stream->len = stream->groups_len = 0;
	stream->types = stream->region_ns = 0;
}

static struct trace_stream_out *stream_new(struct trace_streams *streams, enum trace_stream kind,
					   uint32_t owner)
{
	struct trace_stream_out *stream = xcalloc(1, sizeof *stream);

	stream->number = (uint32_t)streams->stream_len;
	stream->kind = kind;
	stream->owner = owner;
	streams->streams = xgrow(streams->streams, streams->stream_len, &streams->stream_cap,
				 sizeof(struct trace_stream_out *));
	streams->streams[streams->stream_len++] = stream;
	return stream;
}

static struct trace_stream_out *stream_get(struct trace_streams *streams, enum trace_stream kind,
					   uint32_t owner)
{
	uint32_t *number;

	if (owner >= streams->of_cap[kind]) {
		size_t cap = ((size_t)owner + 64) * 2;

		streams->of[kind] = xrealloc(streams->of[kind], cap, sizeof(uint32_t));
		memset(streams->of[kind] + streams->of_cap[kind], 0,
		       (cap - streams->of_cap[kind]) * sizeof(uint32_t));
		streams->of_cap[kind] = cap;
	}
	number = &streams->of[kind][owner];
	if (*number == 0)
		*number = stream_new(streams, kind, owner)->number + 1;
	return streams->streams[*number - 1];
}

/* States and events are in the order of their ends; what runs on a CPU, and the heap, one after the other. */
static void put_in_order(const struct trace_stream_out *stream, union trace_item *item)
{
	uint64_t end_ns = item->end_ns > stream->last_ns ? item->end_ns : stream->last_ns;

	if (stream->kind == TRACE_STREAM_STATES && stream->all_count > 0)
		item->start_ns = stream->last_ns;
	else if (stream->kind != TRACE_STREAM_EVENTS && item->start_ns < stream->last_ns)
		item->start_ns = stream->last_ns;
	item->end_ns = end_ns;
	if (item->start_ns > end_ns)
		item->start_ns = end_ns;
}

static void begin_chunk(struct trace_stream_out *stream, const union trace_item *item)
{
	stream->first_ns = stream->all_count > 0 ? stream->last_ns : item->start_ns;
	stream->base = (struct trace_item_base){.ns = stream->first_ns};
	stream->group_base_ns = stream->first_ns;
}

static void note_event(struct trace_stream_out *stream, const struct trace_event *event)
{
	uint64_t length_ns = event->end_ns - event->start_ns;

	stream->types |= UINT32_C(1) << event->type;
	if (event->type != TRACE_REGION)
		return;
	if (length_ns > stream->region_ns)
		stream->region_ns = length_ns < UINT32_MAX ? (uint32_t)length_ns : UINT32_MAX;
	/* Deeper than this nobody draws them. */
	if (event->arguments[2] >= stream->region_depth && event->arguments[2] < 1000)
		stream->region_depth = (uint32_t)event->arguments[2] + 1;
}

static void sum_up(struct trace_stream_out *stream, const union trace_item *item)
{
	struct trace_span one;

	trace_sum_of(&one, stream->kind, item);
	trace_span_add(&stream->group, &one, stream->item_count % TRACE_GROUP_ITEMS == 0);
	stream->item_count++;
	stream->all_count++;
	if (stream->kind == TRACE_STREAM_EVENTS)
		note_event(stream, &item->event);
	if (stream->kind == TRACE_STREAM_STATES)
		stream->state_ns[item->state.state] += item->end_ns - item->start_ns;
	stream->last_ns = item->end_ns;
	if (stream->item_count % TRACE_GROUP_ITEMS == 0)
		end_group(stream, TRACE_GROUP_ITEMS);
}

void trace_streams_add(struct trace_streams *streams, enum trace_stream kind, uint32_t owner,
		       union trace_item *item)
{
	struct trace_stream_out *stream = stream_get(streams, kind, owner);

	put_in_order(stream, item);
	if (stream->item_count == 0)
		begin_chunk(stream, item);
	if (stream->cap - stream->len < TRACE_ITEM_MAX) {
		stream->cap = stream->cap == 0 ? (size_t)FIRST_CAP : stream->cap * 2;
		stream->items = xrealloc(stream->items, stream->cap, 1);
	}
	stream->len =
		(size_t)(trace_item_put(stream->items + stream->len, kind, item, &stream->base) -
			 stream->items);
	sum_up(stream, item);
	if (stream->item_count == TRACE_CHUNK_ITEMS)
		end_chunk(streams, stream, false);
}

const struct trace_stream_out *trace_streams_find(const struct trace_streams *streams,
						  enum trace_stream kind, uint32_t owner)
{
	if (owner >= streams->of_cap[kind] || streams->of[kind][owner] == 0)
		return NULL;
	return streams->streams[streams->of[kind][owner] - 1];
}

int trace_streams_flush(struct trace_streams *streams)
{
	for (size_t i = 0; i < streams->stream_len; i++)
		end_chunk(streams, streams->streams[i], true);
	if (streams->pending_len > 0)
		write_pending(streams);
	return streams->error;
}

void trace_streams_free(struct trace_streams *streams)
{
	for (size_t i = 0; i < streams->stream_len; i++) {
		free(streams->streams[i]->items);
		free(streams->streams[i]->groups);
		free(streams->streams[i]->levels);
		free(streams->streams[i]);
	}
	for (size_t kind = 0; kind < 4; kind++)
		free(streams->of[kind]);
	free(streams->streams);
	free(streams->chunks);
	free(streams->sums);
	free(streams->pending);
}
