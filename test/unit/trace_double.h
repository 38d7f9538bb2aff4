/* SPDX-License-Identifier: MIT */
/* A trace recorded by hand: threads, events, switches at times of the test's choice, and what becomes of it when it is finished. Ticks
 * are nanoseconds, unless the test has them otherwise. */
#ifndef TRACE_DOUBLE_H
#define TRACE_DOUBLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "base/varint.h"
#include "base/xalloc.h"
#include "format/recording_layout.h"
#include "format/trace_file.h"
#include "format/trace_spool.h"
#include "tool/launch/recording.h"
#include "tool/trace/trace_finish.h"

/* Where the trace begins, on the machine's clock. */
#define DOUBLE_ORIGIN UINT64_C(1000000000)

enum { DOUBLE_THREADS = 64, DOUBLE_CPUS = 4 };

struct trace_double {
	struct recording recording;
	uint8_t *spool;
	size_t spool_len, spool_cap;
	struct {
		struct rec_trace_chunk chunk;
		uint32_t used, sequence;
		uint64_t ticks;
	} threads[DOUBLE_THREADS];
	struct {
		struct spool_switch items[1024];
		size_t count;
	} cpus[DOUBLE_CPUS];
};

#define double_table(made, name, type) \
	((type *)((char *)(made)->recording.rec + (made)->recording.rec->table[REC_##name].offset))

/* As small as a program's own may be. */
static inline void double_new(struct trace_double *made, uint32_t chunks)
{
	const struct rec_config config = {.kind = REC_KIND_TRACE, .trace = {.ticks = REC_TICKS_NS}};
	const uint32_t items[REC_TABLE_COUNT] = {
		[REC_STRINGS] = 4096,	    [REC_MAPPINGS] = 4,
		[REC_NODES] = 16,	    [REC_TRACE_THREADS] = DOUBLE_THREADS,
		[REC_TRACE_SYNCS] = 8,	    [REC_TRACE_CHUNK_STATES] = chunks,
		[REC_TRACE_CHUNKS] = chunks};
	struct rec_header header;

	memset(made, 0, sizeof *made);
	recording_layout(&header, &config, items);
	made->recording.fd = -1;
	made->recording.rec = mmap(NULL, header.size_bytes, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (made->recording.rec == MAP_FAILED)
		abort();
	*made->recording.rec = header;
}

static inline void double_block(struct trace_double *made, enum spool_kind kind, uint32_t owner,
				uint32_t sequence, uint64_t base, const void *payload, size_t size)
{
	struct spool_block block = {SPOOL_MAGIC,
				    kind,
				    owner,
				    sequence,
				    base,
				    (uint32_t)size,
				    (uint32_t)crc32(0, payload, (unsigned)size)};

	while (made->spool_cap - made->spool_len < sizeof block + size) {
		made->spool_cap = made->spool_cap * 2 + 4096;
		made->spool = xrealloc(made->spool, made->spool_cap, 1);
	}
	memcpy(made->spool + made->spool_len, &block, sizeof block);
	if (size > 0)
		memcpy(made->spool + made->spool_len + sizeof block, payload, size);
	made->spool_len += sizeof block + size;
}

/* An offset of STRINGS. */
static inline uint32_t double_string(struct trace_double *made, const char *text)
{
	uint32_t at = made->recording.rec->table[REC_STRINGS].len;

	memcpy(double_table(made, STRINGS, char) + at, text, strlen(text) + 1);
	made->recording.rec->table[REC_STRINGS].len += (uint32_t)strlen(text) + 1;
	return at;
}

/* Returns its number. Times are since the beginning; end 0: it did not. */
static inline uint32_t double_thread(struct trace_double *made, uint32_t tid, uint64_t start,
				     uint64_t end, const char *name)
{
	uint32_t number = made->recording.rec->table[REC_TRACE_THREADS].len++;
	struct rec_trace_thread *thread =
		&double_table(made, TRACE_THREADS, struct rec_trace_thread)[number];

	thread->tid = tid;
	thread->start_ticks = DOUBLE_ORIGIN + start;
	thread->end_ticks = end != 0 ? DOUBLE_ORIGIN + end : 0;
	thread->name = double_string(made, name);
	return number;
}

static inline struct rec_trace_thread *double_item(struct trace_double *made, uint32_t thread)
{
	return &double_table(made, TRACE_THREADS, struct rec_trace_thread)[thread];
}

static inline void double_flush(struct trace_double *made, uint32_t thread)
{
	double_block(made, SPOOL_EVENTS, thread, made->threads[thread].sequence++,
		     made->threads[thread].chunk.base_ticks, made->threads[thread].chunk.events,
		     made->threads[thread].used);
	made->threads[thread].used = 0;
}

/* At ticks. `duration` and `node` are written where the type has them. */
static inline void double_event_at(struct trace_double *made, uint32_t thread,
				   enum trace_event_type type, uint64_t ticks, uint64_t duration,
				   uint32_t node, uint64_t a, uint64_t b, uint64_t c)
{
	const struct trace_event_kind *kind = &trace_event_kinds[type];
	const uint64_t arguments[] = {a, b, c};
	uint8_t *to;

	if (made->threads[thread].used > sizeof made->threads[thread].chunk.events - 64)
		double_flush(made, thread);
	if (made->threads[thread].used == 0)
		made->threads[thread].chunk.base_ticks = made->threads[thread].ticks = ticks;
	to = made->threads[thread].chunk.events + made->threads[thread].used;
	*to++ = (uint8_t)type;
	to = varint_put(to, varint_zigzag((int64_t)(ticks - made->threads[thread].ticks)));
	made->threads[thread].ticks = ticks;
	if (kind->has_duration)
		to = varint_put(to, duration);
	if (kind->has_stack)
		to = varint_put(to, node);
	for (unsigned i = 0; i < kind->argument_count && i < TRACE_ARGUMENT_MAX; i++)
		to = varint_put(to, arguments[i]);
	made->threads[thread].used = (uint32_t)(to - made->threads[thread].chunk.events);
}

/* From `start` to `end`, since the beginning; equal where the type has no duration. */
static inline void double_event(struct trace_double *made, uint32_t thread,
				enum trace_event_type type, uint64_t start, uint64_t end,
				uint64_t a, uint64_t b, uint64_t c)
{
	double_event_at(made, thread, type, DOUBLE_ORIGIN + end, end - start, 0, a, b, c);
}

static inline void double_switch(struct trace_double *made, uint32_t cpu, uint64_t at, uint32_t tid,
				 enum spool_switch_kind kind)
{
	made->cpus[cpu].items[made->cpus[cpu].count++] =
		(struct spool_switch){DOUBLE_ORIGIN + at, tid, (uint16_t)cpu, (uint16_t)kind};
	if (made->cpus[cpu].count < 1024)
		return;
	double_block(made, SPOOL_SCHED, cpu, 0, 0, made->cpus[cpu].items,
		     sizeof made->cpus[cpu].items);
	made->cpus[cpu].count = 0;
}

static inline void double_end_parts(struct trace_double *made)
{
	for (uint32_t i = 0; i < DOUBLE_THREADS; i++)
		if (made->threads[i].used > 0)
			double_flush(made, i);
	for (uint32_t i = 0; i < DOUBLE_CPUS; i++)
		if (made->cpus[i].count > 0)
			double_block(made, SPOOL_SCHED, i, 0, 0, made->cpus[i].items,
				     made->cpus[i].count * sizeof made->cpus[i].items[0]);
}

/* Write the trace. Returns what trace_finish() does. */
static inline int double_write(struct trace_double *made, const char *path)
{
	struct trace_info info = {.program = "program",
				  .test = "test",
				  .outcome = "passed",
				  .source = "by hand",
				  .note = ""};
	struct sym *sym = sym_open();
	struct trace_raw raw;
	int error;

	double_end_parts(made);
	trace_raw_open(&raw, &made->recording, made->spool, made->spool_len, 0, false);
	error = trace_finish(&raw, sym, path, &info);
	trace_raw_free(&raw);
	sym_close(sym);
	return error;
}

/* The same as a program records it for itself, in one file. */
static inline void double_write_raw(struct trace_double *made, const char *path)
{
	FILE *file = fopen(path, "w");

	double_end_parts(made);
	if (file == NULL ||
	    fwrite(made->recording.rec, made->recording.rec->size_bytes, 1, file) != 1 ||
	    (made->spool_len > 0 && fwrite(made->spool, made->spool_len, 1, file) != 1) ||
	    fclose(file) != 0)
		abort();
}

static inline void double_free(struct trace_double *made)
{
	recording_free(&made->recording);
	free(made->spool);
}

#endif
