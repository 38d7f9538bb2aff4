/* SPDX-License-Identifier: MIT */
/* What a stream has in each part of a range: down the tree of sums only as far as a part's length asks for. */
#include <stdlib.h>

#include "format/trace_reader.h"

/* A trace with fewer states and threads is summed up from its streams. */
enum { SMALL_STATES = 1 << 17, SMALL_THREADS = 1 << 9 };

/* More threads than these are not asked one by one for each picture. */
enum { MANY_THREADS = 512 };

struct query {
	const struct trace *trace;
	const struct trace_stream_record *record;
	enum trace_stream stream;
	uint64_t from_ns, to_ns;
	double part_ns;
	struct trace_sum *sums;
	size_t count;
	uint8_t *buffer; /* of unpacked chunks */
	size_t buffer_cap;
};

static double part_begin(const struct query *query, size_t part)
{
	return (double)part * query->part_ns;
}

/* Share a span's sum among the parts it lies in. */
static void spread(const struct query *query, const struct trace_span *span)
{
	double start, end, length = (double)(span->end_ns - span->start_ns);
	size_t part;

	if (span->start_ns >= query->to_ns || span->end_ns < query->from_ns)
		return;
	/* From here on relative to the range: doubles are exact enough there. */
	start = span->start_ns < query->from_ns ? 0 : (double)(span->start_ns - query->from_ns);
	end = (double)((span->end_ns < query->to_ns ? span->end_ns : query->to_ns) -
		       query->from_ns);
	part = (size_t)(start / query->part_ns);
	for (; part < query->count && (part_begin(query, part) < end || length == 0); part++) {
		double from = part_begin(query, part), to = part_begin(query, part + 1);

		if (length == 0) {
			trace_sum_add(&query->sums[part], &span->sum, 1);
			return;
		}
		from = from > start ? from : start;
		to = to < end ? to : end;
		if (to > from)
			trace_sum_add(&query->sums[part], &span->sum, (to - from) / length);
	}
}

/* Is it outside the range, or short enough to be shared out as a whole? */
static bool is_enough(const struct query *query, const struct trace_span *span)
{
	if (span->start_ns >= query->to_ns || span->end_ns < query->from_ns)
		return true;
	if ((double)(span->end_ns - span->start_ns) > query->part_ns)
		return false;
	spread(query, span);
	return true;
}

/* What an item of states or of a CPU adds to a part that it lies in as a whole. */
static void add_whole(struct trace_sum *sum, enum trace_stream stream, const union trace_item *item,
		      double ns)
{
	sum->count += 1;
	if (stream == TRACE_STREAM_STATES) {
		sum->ns[item->state.state] += ns;
		return;
	}
	sum->ns[TRACE_STATE_RUNNING] += ns;
	if (sum->top == item->cpu.thread) {
		sum->top_ns += ns;
	} else if (ns > sum->top_ns) {
		sum->top = item->cpu.thread;
		sum->top_ns = ns;
	}
}

/* One item. Nearly all of those that are looked at lie within one part: that takes a fifth of the time of sharing them. */
static void sum_item(const struct query *query, const union trace_item *item)
{
	struct trace_span span;

	if (query->stream <= TRACE_STREAM_CPU && query->stream != TRACE_STREAM_EVENTS &&
	    item->start_ns >= query->from_ns && item->end_ns < query->to_ns &&
	    item->start_ns < item->end_ns) {
		double start = (double)(item->start_ns - query->from_ns);
		double end = (double)(item->end_ns - query->from_ns);
		size_t part = (size_t)(start / query->part_ns);

		if (part < query->count && end <= part_begin(query, part + 1)) {
			add_whole(&query->sums[part], query->stream, item, end - start);
			return;
		}
	}
	trace_sum_of(&span, query->stream, item);
	spread(query, &span);
}

/* Items of the groups in `groups`, a set of 1 << group. */
static void sum_items(struct query *query, const struct trace_chunk_record *chunk, uint32_t groups)
{
	struct trace_item_base base = {.ns = chunk->base_ns};
	size_t size = trace_unpack(query->trace, chunk, &query->buffer, &query->buffer_cap);
	const uint8_t *at = query->buffer, *end = query->buffer + size;

	for (uint32_t i = 0; i < chunk->count && size > 0; i++) {
		union trace_item item;

		at = trace_item_get(at, end, query->stream, &item, &base);
		if (at == NULL ||
		    (query->stream != TRACE_STREAM_EVENTS && item.start_ns >= query->to_ns))
			return;
		if (groups >> (i / TRACE_GROUP_ITEMS % 32) & 1)
			sum_item(query, &item);
	}
}

static void sum_chunk(struct query *query, const struct trace_chunk_record *chunk)
{
	const uint8_t *end = NULL;
	const uint8_t *at = trace_groups(query->trace, chunk, &end);
	uint64_t base_ns = chunk->base_ns;
	uint32_t group_count = (chunk->count + TRACE_GROUP_ITEMS - 1) / TRACE_GROUP_ITEMS;
	uint32_t wanted = 0;

	for (uint32_t i = 0; i < group_count && i < 32 && at != NULL; i++) {
		struct trace_span group;

		at = trace_group_get(at, end, &group, &base_ns);
		if (at != NULL && !is_enough(query, &group))
			wanted |= 1u << i;
	}
	if (wanted != 0)
		sum_items(query, chunk, wanted);
}

/* Chunks first..end of the stream, those under complete sums of `level` by these. */
static void sum_level(struct query *query, uint32_t first, uint32_t end, uint32_t level)
{
	uint32_t chunk_count = query->record->chunk_count, span_chunks = 1;
	uint32_t count = trace_level_count(chunk_count, level);
	uint64_t begin = (uint64_t)query->record->first_sum + trace_level_begin(chunk_count, level);

	for (uint32_t i = 0; i < level; i++)
		span_chunks *= TRACE_FAN;
	while (first < end) {
		uint32_t node = first / span_chunks;
		uint32_t next = (node + 1) * span_chunks;

		if (next > end)
			next = end;
		if (first % span_chunks == 0 && node < count &&
		    begin + node < query->trace->sum_count) {
			struct trace_span span =
				trace_sum_from_record(&query->trace->sums[begin + node]);

			if (is_enough(query, &span)) {
				first = next;
				continue;
			}
		}
		if (level > 0)
			sum_level(query, first, next, level - 1);
		else
			sum_chunk(query, &query->trace->chunks[query->record->first_chunk + first]);
		first = next;
	}
}

static void clear(struct trace_sum *sums, size_t count)
{
	for (size_t i = 0; i < count; i++)
		trace_sum_clear(&sums[i]);
}

/* Chunks of the stream that may have something in the range. */
static void sum_range(struct query *query)
{
	const struct trace_chunk_record *chunks = query->trace->chunks + query->record->first_chunk;
	uint32_t low = 0, high = query->record->chunk_count, end = query->record->chunk_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (chunks[middle].last_ns < query->from_ns)
			low = middle + 1;
		else
			high = middle;
	}
	/* Events are in the order of their ends: one that begins early may end late, so all of them are looked at. */
	if (query->stream != TRACE_STREAM_EVENTS) {
		high = end;
		end = low;
		while (end < high) {
			uint32_t middle = end + (high - end) / 2;

			if (chunks[middle].first_ns < query->to_ns)
				end = middle + 1;
			else
				high = middle;
		}
	}
	sum_level(query, low, end, TRACE_LEVELS - 1);
}

/* Adds to what is in sums. */
static void add_sums(const struct trace *trace, enum trace_stream stream, uint32_t owner,
		     uint64_t from_ns, uint64_t to_ns, struct trace_sum *sums, size_t count)
{
	struct query query = {.trace = trace,
			      .record = trace_stream_of(trace, stream, owner),
			      .stream = stream,
			      .from_ns = from_ns,
			      .to_ns = to_ns,
			      .part_ns = (double)(to_ns - from_ns) / (double)count,
			      .sums = sums,
			      .count = count};

	if (query.record != NULL)
		sum_range(&query);
	free(query.buffer);
}

void trace_sums(const struct trace *trace, enum trace_stream stream, uint32_t owner,
		uint64_t from_ns, uint64_t to_ns, struct trace_sum *sums, size_t count)
{
	clear(sums, count);
	if (count > 0 && to_ns > from_ns)
		add_sums(trace, stream, owner, from_ns, to_ns, sums, count);
}

/* Of the parts that were summed up when the trace was written. */
static void load_from_parts(const struct trace *trace, const struct query *query)
{
	uint64_t part_ns = trace->load.part_ns;

	for (uint64_t i = query->from_ns / part_ns;
	     i < trace->load.part_count && i * part_ns < query->to_ns; i++) {
		struct trace_span span = {.start_ns = i * part_ns, .end_ns = (i + 1) * part_ns};

		trace_sum_clear(&span.sum);
		for (size_t s = 0; s < TRACE_STATE_COUNT; s++)
			span.sum.ns[s] = (double)trace->load_ns[i * TRACE_STATE_COUNT + s];
		spread(query, &span);
	}
}

/* Few states: to read them all costs some milliseconds, and is exact. */
static bool is_small(const struct trace *trace)
{
	uint64_t count = 0;

	for (uint32_t i = 0; i < trace->thread_count && count < SMALL_STATES; i++)
		count += trace->threads[i].state_count + SMALL_STATES / SMALL_THREADS;
	return count < SMALL_STATES;
}

void trace_load(const struct trace *trace, uint64_t from_ns, uint64_t to_ns, struct trace_sum *sums,
		size_t count)
{
	struct query query = {.from_ns = from_ns, .to_ns = to_ns, .sums = sums, .count = count};

	clear(sums, count);
	if (count == 0 || to_ns <= from_ns)
		return;
	query.part_ns = (double)(to_ns - from_ns) / (double)count;
	if (!is_small(trace) &&
	    (query.part_ns >= (double)trace->load.part_ns || trace->thread_count > MANY_THREADS)) {
		load_from_parts(trace, &query);
		return;
	}
	for (uint32_t i = 0; i < trace->thread_count; i++)
		if (trace->threads[i].start_ns < to_ns && trace->threads[i].end_ns >= from_ns)
			add_sums(trace, TRACE_STREAM_STATES, i, from_ns, to_ns, sums, count);
}
