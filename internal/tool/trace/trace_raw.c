/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_raw.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <zlib.h>

#include "base/xalloc.h"
#include "tool/trace/trace_raw_threads.h"

/* CPUs that a spool may name. */
enum { CPUS_MOST = 1 << 13 };

enum { PAGE_BYTES = 4096, AROUND_BYTES = 64 << 10, FORGET_BYTES = 8 << 20 };

enum list { LIST_EVENTS, LIST_SWITCHES, LIST_FAULTS, LIST_NONE };

/* A sound block at a place of the spool; false where there is none: the end. */
static bool block_at(const struct trace_raw *raw, size_t at, struct spool_block *block)
{
	if (raw->spool_bytes - at < sizeof *block)
		return false;
	memcpy(block, raw->spool + at, sizeof *block);
	if (block->magic != SPOOL_MAGIC ||
	    block->size_bytes > raw->spool_bytes - at - sizeof *block)
		return false;
	return raw->is_own ||
	       crc32(0, raw->spool + at + sizeof *block, block->size_bytes) == block->crc;
}

static enum list list_of(const struct trace_raw *raw, const struct spool_block *block)
{
	switch (block->kind) {
	case SPOOL_EVENTS:
		return trace_raw_thread(raw, (uint64_t)block->owner + 1) != 0 ? LIST_EVENTS
									      : LIST_NONE;
	case SPOOL_SCHED:
	case SPOOL_LOST:
		return block->owner < CPUS_MOST ? LIST_SWITCHES : LIST_NONE;
	case SPOOL_FAULT:
		return block->owner < CPUS_MOST ? LIST_FAULTS : LIST_NONE;
	default:
		return LIST_NONE;
	}
}

/* Of a list, whose the block is. */
static uint32_t owner_of(const struct trace_raw *raw, const struct spool_block *block)
{
	return block->kind == SPOOL_EVENTS ? trace_raw_thread(raw, (uint64_t)block->owner + 1) - 1
					   : block->owner;
}

/* A program's own recording has fewer than others. */
static uint32_t chunk_count(const struct trace_raw *raw)
{
	const struct rec_table *table = raw->recording->rec->table;

	return table[REC_TRACE_CHUNKS].cap < table[REC_TRACE_CHUNK_STATES].cap
		       ? table[REC_TRACE_CHUNKS].cap
		       : table[REC_TRACE_CHUNK_STATES].cap;
}

/* Chunks of the recording that were not taken away. */
static const struct rec_trace_chunk *left_chunk(const struct trace_raw *raw, uint32_t number)
{
	const struct rec_trace_chunk *chunk =
		&recording_table(raw->recording, TRACE_CHUNKS, struct rec_trace_chunk)[number];
	const _Atomic uint32_t *state =
		&recording_table(raw->recording, TRACE_CHUNK_STATES, _Atomic uint32_t)[number];

	if (atomic_load(state) == REC_CHUNK_FREE ||
	    trace_raw_thread(raw, (uint64_t)chunk->thread + 1) == 0 ||
	    atomic_load(&chunk->used_bytes) == 0)
		return NULL;
	return chunk;
}

static struct trace_part part_of_chunk(const struct rec_trace_chunk *chunk)
{
	uint32_t used = atomic_load(&chunk->used_bytes);

	return (struct trace_part){
		.bytes = chunk->events,
		.base = chunk->base_ticks,
		.size = used < sizeof chunk->events ? used : (uint32_t)sizeof chunk->events,
		.sequence = chunk->sequence};
}

static struct trace_part part_of_block(const uint8_t *bytes, const struct spool_block *block)
{
	return (struct trace_part){.bytes = bytes,
				   .base = block->base,
				   .size = block->size_bytes,
				   .sequence = block->kind == SPOOL_EVENTS ? block->sequence
									   : block->kind};
}

/* How many parts each owner has. */
struct counts {
	size_t *of[LIST_NONE];
	size_t total;
};

/* Let go of memory with a part of the spool's file, which is mapped in whole pages. */
static void release(const struct trace_raw *raw, uint64_t from, uint64_t to)
{
	uint64_t first = raw->spool_at / PAGE_BYTES * PAGE_BYTES;

	if (from < first)
		from = first;
	if (to > from)
		madvise((void *)(raw->spool + (int64_t)(from - raw->spool_at)), to - from,
			MADV_DONTNEED);
}

/* Looking for the heads of blocks brings all that is around them into memory: let it go every now and then. *forgotten: how far
 * that was done. */
static void forget(const struct trace_raw *raw, size_t at, uint64_t *forgotten)
{
	uint64_t to = (raw->spool_at + at) / FORGET_BYTES * FORGET_BYTES;

	if (!raw->is_own || to <= *forgotten)
		return;
	release(raw, *forgotten, to);
	*forgotten = to;
}

/* What is behind the last sound block: nothing, or half a block, or what can't be read. */
static size_t damaged_from(const struct trace_raw *raw, size_t at)
{
	size_t left = raw->spool_bytes - at;
	struct spool_block block;

	if (left < sizeof block)
		return 0;
	memcpy(&block, raw->spool + at, sizeof block);
	return block.magic == SPOOL_MAGIC && block.size_bytes > left - sizeof block ? 0 : left;
}

static void count_parts(struct trace_raw *raw, struct counts *counts)
{
	struct spool_block block;
	uint64_t forgotten = 0;
	size_t at = 0;

	for (; block_at(raw, at, &block); at += sizeof block + block.size_bytes) {
		enum list list = list_of(raw, &block);

		forget(raw, at, &forgotten);
		if (block.kind == SPOOL_RUN)
			raw->run_count += block.size_bytes / sizeof *raw->runs;
		if (list == LIST_NONE)
			continue;
		counts->of[list][owner_of(raw, &block)]++;
		counts->total++;
		if (list != LIST_EVENTS && block.owner >= raw->cpu_count)
			raw->cpu_count = block.owner + 1;
	}
	raw->damaged_bytes = damaged_from(raw, at);
	raw->spool_bytes = at;
	for (uint32_t i = 0; i < chunk_count(raw); i++) {
		const struct rec_trace_chunk *chunk = left_chunk(raw, i);

		if (chunk == NULL)
			continue;
		counts->of[LIST_EVENTS][raw->numbers[chunk->thread] - 1]++;
		counts->total++;
	}
}

/* Give each owner its place among the parts. */
static struct trace_parts *lay_out(struct trace_part **next, const size_t *counts, size_t owners)
{
	struct trace_parts *lists = xcalloc(owners + 1, sizeof *lists);

	for (size_t i = 0; i < owners; i++) {
		lists[i].items = *next;
		*next += counts[i];
	}
	return lists;
}

static void put(struct trace_parts *list, struct trace_part part)
{
	/* Ours, in raw->parts. */
	((struct trace_part *)list->items)[list->count++] = part;
}

static void put_block(struct trace_raw *raw, const struct spool_block *block, const uint8_t *bytes)
{
	struct trace_parts *lists[] = {[LIST_EVENTS] = raw->events,
				       [LIST_SWITCHES] = raw->switches,
				       [LIST_FAULTS] = raw->faults};
	enum list list = list_of(raw, block);

	if (list != LIST_NONE)
		put(&lists[list][owner_of(raw, block)], part_of_block(bytes, block));
	if (block->kind != SPOOL_RUN)
		return;
	memcpy(raw->runs + raw->run_count, bytes,
	       block->size_bytes / sizeof *raw->runs * sizeof *raw->runs);
	raw->run_count += block->size_bytes / sizeof *raw->runs;
}

static int by_sequence(const void *left, const void *right)
{
	const struct trace_part *a = left, *b = right;

	return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

static int by_tid(const void *left, const void *right)
{
	const struct spool_run *a = left, *b = right;

	if (a->tid != b->tid)
		return a->tid < b->tid ? -1 : 1;
	return a->ns < b->ns ? -1 : a->ns > b->ns;
}

static void put_parts(struct trace_raw *raw)
{
	struct spool_block block;
	uint64_t forgotten = 0;

	for (size_t at = 0; at < raw->spool_bytes; at += sizeof block + block.size_bytes) {
		memcpy(&block, raw->spool + at, sizeof block);
		forget(raw, at, &forgotten);
		put_block(raw, &block, raw->spool + at + sizeof block);
	}
	for (uint32_t i = 0; i < chunk_count(raw); i++) {
		const struct rec_trace_chunk *chunk = left_chunk(raw, i);

		if (chunk != NULL)
			put(&raw->events[raw->numbers[chunk->thread] - 1], part_of_chunk(chunk));
	}
	for (size_t i = 0; i < raw->thread_count; i++)
		qsort((void *)raw->events[i].items, raw->events[i].count, sizeof *raw->parts,
		      by_sequence);
	qsort(raw->runs, raw->run_count, sizeof *raw->runs, by_tid);
}

/* Of a file that was left behind there are several: that which was stored for where it begins holds. */
static bool is_of_cut(const struct trace_raw *raw, const struct spool_block *block)
{
	return block->kind == SPOOL_WAS &&
	       (block->base == 0 ||
		block->base == atomic_load(&raw->recording->rec->state.trace_first));
}

/* Where the trace begins, which has to be known before anything else of it is looked at. */
static void find_cut(struct trace_raw *raw)
{
	struct spool_block block;

	raw->cut = raw->recording->rec->state.trace_cut;
	for (size_t at = 0; block_at(raw, at, &block); at += sizeof block + block.size_bytes) {
		const uint8_t *payload = raw->spool + at + sizeof block;

		if (block.kind == SPOOL_CUT && block.size_bytes == sizeof raw->cut)
			memcpy(&raw->cut, payload, sizeof raw->cut);
		if (!is_of_cut(raw, &block))
			continue;
		free(raw->was);
		raw->was_count = block.size_bytes / sizeof *raw->was;
		raw->was = xcalloc(raw->was_count + 1, sizeof *raw->was);
		memcpy(raw->was, payload, raw->was_count * sizeof *raw->was);
	}
	if (raw->cut.begin_ns <= raw->cut.recorded_ns)
		raw->cut.begin_ns = 0;
}

void trace_raw_open(struct trace_raw *raw, const struct recording *recording, const void *spool,
		    size_t spool_bytes, uint64_t spool_at, bool is_own)
{
	struct counts counts = {.total = 0};
	struct trace_part *next;

	*raw = (struct trace_raw){.recording = recording,
				  .spool = spool,
				  .spool_bytes = spool_bytes,
				  .spool_at = spool_at,
				  .is_own = is_own,
				  .spool_fd = -1};
	if (recording->rec->config.trace.is_flight)
		find_cut(raw);
	trace_raw_threads_take(raw);
	counts.of[LIST_EVENTS] = xcalloc(raw->thread_count + 1, sizeof(size_t));
	counts.of[LIST_SWITCHES] = xcalloc(CPUS_MOST, sizeof(size_t));
	counts.of[LIST_FAULTS] = xcalloc(CPUS_MOST, sizeof(size_t));
	count_parts(raw, &counts);
	next = raw->parts = xcalloc(counts.total + 1, sizeof *raw->parts);
	raw->runs = xcalloc(raw->run_count + 1, sizeof *raw->runs);
	raw->run_count = 0;
	raw->events = lay_out(&next, counts.of[LIST_EVENTS], raw->thread_count);
	raw->switches = lay_out(&next, counts.of[LIST_SWITCHES], raw->cpu_count);
	raw->faults = lay_out(&next, counts.of[LIST_FAULTS], raw->cpu_count);
	put_parts(raw);
	for (size_t i = 0; i < LIST_NONE; i++)
		free(counts.of[i]);
}

size_t trace_raw_run_find(const struct trace_raw *raw, uint32_t tid, uint64_t ns)
{
	size_t low = 0, high = raw->run_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct spool_run *run = &raw->runs[middle];

		if (run->tid < tid || (run->tid == tid && run->ns < ns))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void trace_raw_free(struct trace_raw *raw)
{
	free(raw->events);
	free(raw->switches);
	free(raw->faults);
	free(raw->runs);
	free(raw->parts);
	free(raw->was);
	free(raw->threads);
	free(raw->numbers);
}

void trace_raw_give_back(const struct trace_raw *raw, const struct trace_part *part)
{
	uint64_t from, to, inner_from, inner_to;

	if (part->bytes < raw->spool || part->bytes >= raw->spool + raw->spool_bytes)
		return;
	from = raw->spool_at + (uint64_t)(part->bytes - raw->spool);
	to = from + part->size;
	inner_from = (from + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
	inner_to = to / PAGE_BYTES * PAGE_BYTES;
	/* With what the kernel brought in around it. Of that, what is still wanted is read again from the file. */
	from = from / AROUND_BYTES * AROUND_BYTES;
	to = (to + AROUND_BYTES - 1) / AROUND_BYTES * AROUND_BYTES;
	if (to > raw->spool_at + raw->spool_bytes)
		to = raw->spool_at + raw->spool_bytes;
	if (raw->is_own)
		release(raw, from, to);
	/* Where the file system can't, the writer may find no room, and says so. */
	if (raw->spool_fd >= 0 && inner_to > inner_from &&
	    fallocate(raw->spool_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)inner_from,
		      (off_t)(inner_to - inner_from)) != 0)
		return;
}
