/* SPDX-License-Identifier: MIT */
/* What a program recorded of itself, read by hand: shares no code with what writes it. Included by one file of a program. */
#ifndef PPROFMK_TEST_TRACE_DECODE_H
#define PPROFMK_TEST_TRACE_DECODE_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/recording.h"

/* Numbers of types, and what follows their time: a duration, a stack, so many arguments. */
enum {
	DECODED_CREATE = 1,
	DECODED_START,
	DECODED_NAME,
	DECODED_END,
	DECODED_FORK,
	DECODED_WAIT = 7,
	DECODED_WAKE,
	DECODED_SYSCALL,
	DECODED_MAP = 11,
	DECODED_UNMAP,
	DECODED_REGION_BEGIN = 17,
	DECODED_REGION_END,
	DECODED_TASK_BEGIN = 20,
	DECODED_TASK_END,
	DECODED_LOG,
	DECODED_WINDOW,
	DECODED_LOST,
	DECODED_TYPES
};

static const char decoded_fields[DECODED_TYPES][4] = {
	"",   "s2", "1",  "1", "",  "s1", "s1", "ds3", "s2", "ds3", "1", "s2", "s2",
	"s1", "s3", "s1", "1", "2", "1",  "d3", "3",   "1",  "3",   "1", "d1",
};

struct decoded {
	uint32_t thread; /* item of TRACE_THREADS */
	unsigned type;
	uint64_t ticks, duration, node, arguments[3];
};

struct decoded_trace {
	char *map;
	size_t size_bytes;
	const struct rec_header *header;
	struct decoded *events; /* of each thread in order */
	size_t count, cap;
	uint32_t sequences[1 << 12]; /* by thread: chunks seen */
	bool is_good;
};

static uint64_t decoded_number(const uint8_t **at, const uint8_t *end, bool *is_good)
{
	uint64_t number = 0;

	for (int shift = 0;; shift += 7) {
		if (*at >= end || shift > 63) {
			*is_good = false;
			return 0;
		}
		number |= (uint64_t)(**at & 127) << shift;
		if (*(*at)++ < 128)
			return number;
	}
}

/* 0, 1, 2, 3 as 0, -1, 1, -2. */
static int64_t decoded_signed(uint64_t number)
{
	return number % 2 == 0 ? (int64_t)(number / 2) : -(int64_t)(number / 2) - 1;
}

static const void *decoded_table(const struct decoded_trace *trace, enum rec_table_id id)
{
	return trace->map + trace->header->table[id].offset;
}

static const char *decoded_string(const struct decoded_trace *trace, uint64_t at)
{
	return (const char *)decoded_table(trace, REC_STRINGS) + at;
}

static void decoded_event(struct decoded_trace *trace, struct decoded event)
{
	if (trace->count == trace->cap) {
		trace->cap = trace->cap * 2 + 1024;
		trace->events = realloc(trace->events, trace->cap * sizeof *trace->events);
	}
	trace->events[trace->count++] = event;
}

static void decode_events(struct decoded_trace *trace, uint32_t thread, uint32_t sequence,
			  uint64_t ticks, const uint8_t *at, size_t size)
{
	const uint8_t *end = at + size;

	if (trace->sequences[thread]++ != sequence)
		trace->is_good = false;
	while (at < end && trace->is_good) {
		struct decoded event = {.thread = thread, .type = *at++};
		const char *field;

		if (event.type == 0 || event.type >= DECODED_TYPES) {
			trace->is_good = false;
			return;
		}
		ticks += (uint64_t)decoded_signed(decoded_number(&at, end, &trace->is_good));
		event.ticks = ticks;
		for (field = decoded_fields[event.type]; *field != '\0'; field++) {
			if (*field == 'd')
				event.duration = decoded_number(&at, end, &trace->is_good);
			else if (*field == 's')
				event.node = decoded_number(&at, end, &trace->is_good);
			else
				for (int i = 0; i < *field - '0'; i++)
					event.arguments[i] =
						decoded_number(&at, end, &trace->is_good);
		}
		decoded_event(trace, event);
	}
}

/* The events of a chunk, wherever it lies. */
struct decoded_part {
	uint32_t thread, sequence;
	uint64_t ticks;
	const uint8_t *events;
	size_t size;
};

static int decoded_compare(const void *left, const void *right)
{
	const struct decoded_part *a = left, *b = right;

	if (a->thread != b->thread)
		return a->thread < b->thread ? -1 : 1;
	return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

/* Blocks of the spool have a head of eight words of 32 bits, two of which are one of 64. */
static size_t decoded_spool(const struct decoded_trace *trace, struct decoded_part *parts)
{
	uint64_t at = trace->header->size_bytes;
	uint32_t head[8];
	size_t count = 0;

	for (; at + sizeof head <= trace->size_bytes; at += sizeof head + head[6]) {
		struct decoded_part part;

		memcpy(head, trace->map + at, sizeof head);
		if (head[0] != 0x6c6f7073 || at + sizeof head + head[6] > trace->size_bytes)
			break;
		part = (struct decoded_part){head[2], head[3], 0,
					     (const uint8_t *)trace->map + at + sizeof head,
					     head[6]};
		memcpy(&part.ticks, trace->map + at + 16, sizeof part.ticks);
		if (head[1] == 1)
			parts[count++] = part;
	}
	return count;
}

static size_t decoded_chunks(const struct decoded_trace *trace, struct decoded_part *parts)
{
	const struct rec_trace_chunk *chunks = decoded_table(trace, REC_TRACE_CHUNKS);
	const uint32_t *states = decoded_table(trace, REC_TRACE_CHUNK_STATES);
	size_t count = 0;

	for (uint32_t i = 0; i < trace->header->table[REC_TRACE_CHUNKS].cap; i++)
		if (states[i] != REC_CHUNK_FREE && chunks[i].used_bytes != 0)
			parts[count++] = (struct decoded_part){
				chunks[i].thread, chunks[i].sequence, chunks[i].base_ticks,
				chunks[i].events, chunks[i].used_bytes};
	return count;
}

static void decode_all(struct decoded_trace *trace)
{
	struct decoded_part *parts = malloc((1 << 16) * sizeof *parts);
	size_t count = decoded_spool(trace, parts);

	count += decoded_chunks(trace, parts + count);
	qsort(parts, count, sizeof *parts, decoded_compare);
	for (size_t i = 0; i < count; i++)
		decode_events(trace, parts[i].thread, parts[i].sequence, parts[i].ticks,
			      parts[i].events, parts[i].size);
	free(parts);
}

static struct decoded_trace decode(const char *path)
{
	struct decoded_trace trace = {.is_good = true};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0)
		abort();
	trace.size_bytes = (size_t)status.st_size;
	trace.map = mmap(NULL, trace.size_bytes, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (trace.map == MAP_FAILED)
		abort();
	trace.header = (const struct rec_header *)(const void *)trace.map;
	decode_all(&trace);
	return trace;
}

static void decoded_free(struct decoded_trace *trace)
{
	munmap(trace->map, trace->size_bytes);
	free(trace->events);
}

#endif
