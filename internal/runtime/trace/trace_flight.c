/* SPDX-License-Identifier: MIT */
#include "runtime/trace/trace_flight.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/crc32.h"
#include "format/spool_fold.h"
#include "runtime/loading.h"
#include "runtime/trace/trace.h"
#include "runtime/trace/trace_slots.h"
#include "runtime/trace/trace_file.h"

enum { PAGE_BYTES = 4096, FOLD_LEAST = 1024, FOLD_MOST = 1 << 20, BUFFER_BYTES = 64 << 10 };

/* Counters of processors differ by less. */
#define CLOCKS_APART_NS UINT64_C(1000000)

static struct {
	struct flight_ring ring;
	struct spool_fold fold;
	int fd;
	uint64_t size, stored_at; /* of the file: now, and when its fold was stored last */
	_Alignas(8) uint8_t buffer[BUFFER_BYTES];
} flight;

static int64_t heap_now(void)
{
	return atomic_load_explicit(&rt_rec->state.trace_heap_bytes, memory_order_relaxed);
}

void trace_flight_open(const struct flight_limits *limits, int fd, uint64_t first)
{
	flight.fd = fd;
	flight.stored_at = first;
	flight_ring_open(&flight.ring, limits, rt_now_ns(), first);
	rt_rec->state.trace_first = first;
}

void trace_flight_close(void)
{
	rt_unmap(flight.fold.items, flight.fold.cap * sizeof *flight.fold.items);
	flight.fold = (struct spool_fold){.cap = 0};
}

bool trace_flight_is_due(uint64_t size)
{
	return flight_ring_is_due(&flight.ring, size, rt_now_ns());
}

/* Where there is no room the rest is not known: those threads are "unknown" up to their next switch. */
static void fold_add(const struct spool_switch *items, size_t count)
{
	struct spool_switch *old = flight.fold.items, *larger;
	size_t old_cap = flight.fold.cap, cap = old_cap > 0 ? old_cap : FOLD_LEAST;

	while (2 * (flight.fold.count + count) > cap && cap < FOLD_MOST)
		cap *= 2;
	larger = cap > old_cap ? rt_map(cap * sizeof *larger) : NULL;
	if (larger != NULL) {
		spool_fold_move(&flight.fold, larger, cap);
		rt_unmap(old, old_cap * sizeof *old);
	}
	if (flight.fold.cap > 0)
		spool_fold_add(&flight.fold, items, count);
}

static bool read_at(void *to, size_t size, uint64_t at)
{
	return syscall(SYS_pread64, flight.fd, to, size, at) == (long)size;
}

/* A block of the scheduler's is at most as long as the buffer. */
static void fold_blocks(uint64_t at, uint64_t end)
{
	struct spool_block block;

	for (; at < end && read_at(&block, sizeof block, at); at += sizeof block + block.size_bytes)
		if (block.kind == SPOOL_SCHED && block.size_bytes <= sizeof flight.buffer &&
		    read_at(flight.buffer, block.size_bytes, at + sizeof block))
			fold_add((const struct spool_switch *)(const void *)flight.buffer,
				 block.size_bytes / sizeof(struct spool_switch));
	spool_fold_end(&flight.fold);
}

static uint64_t page_of(uint64_t at)
{
	return at / PAGE_BYTES * PAGE_BYTES;
}

/* Take the oldest group out, and keep what its threads did last. */
static void drop_group(void)
{
	uint64_t from = flight.ring.first;

	flight_ring_drop(&flight.ring);
	fold_blocks(from, flight.ring.first);
}

/* Whoever reads the file behind the program's death begins where it says: that is before anything is taken away. */
static void give_back(uint64_t from)
{
	rt_rec->state.trace_cut = flight.ring.cut;
	atomic_store(&rt_rec->state.trace_first, flight.ring.first);
	syscall(SYS_fallocate, flight.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, page_of(from),
		page_of(flight.ring.first) - page_of(from));
}

/* Its items without the free ones, in memory of the caller's; NULL: there is none, or nothing to keep. */
static struct spool_switch *pack_fold(size_t *size_bytes)
{
	struct spool_switch *items;
	size_t count = 0;

	*size_bytes = flight.fold.count * sizeof *items;
	items = flight.fold.count > 0 ? rt_map(*size_bytes) : NULL;
	for (size_t i = 0; items != NULL && i < flight.fold.cap; i++)
		if (flight.fold.items[i].tid != 0)
			items[count++] = flight.fold.items[i];
	return items;
}

/* Before the file begins there: what threads were doing then, for whoever finds it when the program was killed. */
static void store_fold(trace_flight_store *store)
{
	struct spool_block block = {.kind = SPOOL_WAS, .base = flight.ring.first};
	size_t size_bytes;
	struct spool_switch *items = pack_fold(&size_bytes);

	if (items == NULL)
		return;
	block.size_bytes = (uint32_t)size_bytes;
	store(&block, items);
	flight.stored_at = flight.size;
	rt_unmap(items, size_bytes);
}

/* It is to be an eighth of what there is at most. */
static bool is_fold_worth_it(void)
{
	return flight.size - flight.stored_at >= 8 * flight.fold.count * sizeof *flight.fold.items;
}

void trace_flight_mark(uint64_t size, uint64_t taken, trace_flight_store *store)
{
	uint64_t ns = rt_now_ns(), from = flight.ring.first;

	flight.size = size;
	flight_ring_close_group(&flight.ring, size, ns, heap_now(), taken);
	if (store != NULL && !is_fold_worth_it())
		return;
	while (flight_ring_has_too_much(&flight.ring, size, ns))
		drop_group();
	if (flight.ring.first == from)
		return;
	if (store != NULL)
		store_fold(store);
	give_back(from);
	trace_slots_free(flight.ring.taken - trace_ticks_of_ns(CLOCKS_APART_NS));
}

bool trace_flight_shrink(uint64_t size)
{
	uint64_t from = flight.ring.first;

	if (!flight_ring_shrink(&flight.ring, size))
		return false;
	do
		drop_group();
	while (flight.ring.count > 0 && size - flight.ring.first > flight.ring.limits.bytes);
	give_back(from);
	return true;
}

/* ---- Writing it */

struct output {
	int fd;
	uint64_t at;
	int error; /* the first one */
	struct crc32_table sums;
};

static void put(struct output *output, const void *bytes, uint64_t size)
{
	if (output->error == 0)
		output->error = trace_file_write(output->fd, bytes, size, output->at);
	output->at += size;
}

static void put_block(struct output *output, struct spool_block block, const void *payload)
{
	block.magic = SPOOL_MAGIC;
	block.crc = crc32_of(&output->sums, payload, block.size_bytes);
	put(output, &block, sizeof block);
	put(output, payload, block.size_bytes);
}

/* What is in it by now stays there: only its thread adds to it, and only this thread takes it away. */
static void put_chunk(struct output *output, uint32_t number)
{
	const struct rec_trace_chunk *chunk =
		&rt_table(TRACE_CHUNKS, struct rec_trace_chunk)[number];
	uint32_t used = atomic_load_explicit(&chunk->used_bytes, memory_order_acquire);

	if (used != 0)
		put_block(output,
			  (struct spool_block){.kind = SPOOL_EVENTS,
					       .owner = chunk->thread,
					       .sequence = chunk->sequence,
					       .base = chunk->base_ticks,
					       .size_bytes = used},
			  chunk->events);
}

static void put_spool(struct output *output, uint64_t size)
{
	_Atomic uint32_t *states = rt_table(TRACE_CHUNK_STATES, _Atomic uint32_t);

	for (uint64_t at = flight.ring.first; at < size && output->error == 0;) {
		size_t part = size - at < sizeof flight.buffer ? size - at : sizeof flight.buffer;

		if (!read_at(flight.buffer, part, at))
			output->error = -EIO;
		put(output, flight.buffer, part);
		at += part;
	}
	for (uint32_t i = 0; i < rt_rec->table[REC_TRACE_CHUNKS].cap; i++)
		if (atomic_load_explicit(&states[i], memory_order_acquire) != REC_CHUNK_FREE)
			put_chunk(output, i);
	put_block(output,
		  (struct spool_block){
			  .kind = SPOOL_WAS,
			  .size_bytes = (uint32_t)(flight.fold.cap * sizeof *flight.fold.items)},
		  flight.fold.items);
}

/* A part that was asked for is all that there should be: it was recorded from its beginning on. */
static void put_cut(struct output *output, const struct spool_cut *part)
{
	struct spool_cut cut = flight.ring.cut;

	if (part->begin_ns > cut.begin_ns) {
		cut.begin_ns = part->begin_ns;
		cut.heap_bytes = part->heap_bytes;
	}
	cut.end_ns = rt_now_ns();
	put_block(output, (struct spool_block){.kind = SPOOL_CUT, .size_bytes = sizeof cut}, &cut);
}

/* Tables that a finished trace is made of. */
static const enum rec_table_id kept[] = {REC_STRINGS, REC_MAPPINGS, REC_NODES, REC_TRACE_THREADS,
					 REC_TRACE_SYNCS};

enum { KEPT = sizeof kept / sizeof *kept };

/* The layout is ours, so that the tables' lengths may come behind the events that name their items; what is left out is a hole. */
int trace_flight_write(int fd, uint64_t size, const struct spool_cut *part)
{
	struct output output = {.fd = fd, .at = rt_rec->size_bytes};
	struct rec_header header;
	uint64_t end;

	crc32_table_make(&output.sums);
	put_spool(&output, size);
	put_cut(&output, part);
	end = output.at;
	loading_note_all();
	memcpy(&header, rt_rec, sizeof header);
	header.config.kind = REC_KIND_TRACE;
	header.config.trace.is_flight = 1;
	header.state.trace_first = header.size_bytes;
	for (int i = 0; i < KEPT; i++) {
		const struct rec_table *table = &header.table[kept[i]];
		uint32_t len = table->len < table->cap ? table->len : table->cap;

		output.at = table->offset;
		put(&output, (const char *)rt_rec + table->offset,
		    (uint64_t)len * table->item_size);
	}
	output.at = 0;
	put(&output, &header, sizeof header);
	if (output.error == 0 && syscall(SYS_ftruncate, fd, end) != 0)
		output.error = -errno;
	return output.error;
}
