/* SPDX-License-Identifier: MIT */
/* The bytes of a finished trace: fixed records, little-endian. docs/trace-format.md describes them.
 *
 *     struct trace_head, struct trace_section for each section, the sections, then from head.data_offset on the chunks */
#ifndef PPROFMK_FORMAT_TRACE_LAYOUT_H
#define PPROFMK_FORMAT_TRACE_LAYOUT_H

#include <stdint.h>

#include "format/trace_file.h"

#define TRACE_MAGIC UINT64_C(0x317274666f727070) /* "pproftr1" */

/* Items of a full chunk, and of a group of it that has a sum of its own. */
enum { TRACE_CHUNK_ITEMS = 1024, TRACE_GROUP_ITEMS = 64 };

/* Sums of one level below one of the next; level 0 has one for each chunk. */
enum { TRACE_FAN = 16, TRACE_LEVELS = 8 };

/* More than any chunk has, unpacked: an item takes at most 80 bytes. */
enum { TRACE_CHUNK_MAX = 96 * TRACE_CHUNK_ITEMS };

#define TRACE_SECTIONS(X) \
	X(INFO)           \
	X(STRINGS)        \
	X(FRAMES)         \
	X(STACKS)         \
	X(THREADS)        \
	X(OBJECTS)        \
	X(STREAMS)        \
	X(CHUNKS)         \
	X(SUMS)           \
	X(LOAD)

enum trace_section_id {
#define X(name) TRACE_SECTION_##name,
	TRACE_SECTIONS(X)
#undef X
		TRACE_SECTION_COUNT
};

struct trace_head {
	uint64_t magic;
	uint32_t version;
	uint32_t section_count;
	uint64_t data_offset; /* of the first chunk */
	uint64_t file_bytes;  /* of the whole file */
	uint32_t sections_crc;
	uint32_t state_count; /* TRACE_STATE_COUNT of the writer */
};

struct trace_section {
	uint32_t id;
	uint32_t is_packed; /* 1: with zstd */
	uint64_t offset, size;
	uint64_t unpacked_size;
	uint32_t crc; /* of the bytes as they are stored */
	uint32_t unused;
};

/* INFO */
struct trace_info_record {
	int64_t start_realtime_ns;
	uint64_t span_ns, event_count, lost_events, lost_switches;
	uint32_t program, test, outcome, source, note; /* strings */
	uint32_t cpu_count;
	uint32_t page_bytes;
	uint32_t fault_count;
};

/* STRINGS: a count, the ends of all strings, counted from the first one, then their bytes, each with a zero at its end.
 * STACKS: a count, the ends of all stacks, then their frames, leaf first. All numbers have 32 bits. */

/* FRAMES */
struct trace_frame_record {
	uint64_t address;
	uint32_t function, file, module, line, is_inlined, unused;
};

/* THREADS */
struct trace_thread_record {
	uint32_t tid, creator, name, function;
	uint64_t start_ns, end_ns, lost_events, event_count, state_count;
	uint32_t is_alive, region_depth;
	uint64_t state_ns[TRACE_STATE_COUNT];
};

/* OBJECTS */
struct trace_object_record {
	uint64_t address;
	uint32_t kind, unused;
};

/* STREAMS, sorted by kind and owner. */
struct trace_stream_record {
	uint32_t kind, owner;
	uint32_t first_chunk, chunk_count;
	uint32_t first_sum, unused; /* see trace_level_count() */
};

/* CHUNKS. A chunk's items, packed where that is smaller, are followed by the sums of its groups. */
struct trace_chunk_record {
	uint64_t offset;	      /* from head.data_offset */
	uint64_t first_ns, last_ns;   /* earliest start, last end */
	uint64_t base_ns;	      /* what the first item is relative to */
	uint32_t size, unpacked_size; /* equal: not packed */
	uint32_t count;		      /* items */
	uint32_t crc;
	uint32_t groups_size, groups_crc;
	uint32_t types;	    /* events: set of 1 << enum trace_event_type */
	uint32_t region_ns; /* events: its longest region; UINT32_MAX: that or more */
};

/* SUMS */
struct trace_sum_record {
	uint64_t start_ns, end_ns;
	float ns[TRACE_STATE_COUNT];
	float count, top_ns;
	uint32_t top;
	int64_t low, high;
};

/* How many sums of a level a stream of so many chunks has: of level 0 one for each chunk, then one for each TRACE_FAN of the level
 * below. One chunk has none: there may be a million such streams. */
static inline uint32_t trace_level_count(uint32_t chunk_count, uint32_t level)
{
	if (chunk_count < 2)
		return 0;
	while (level-- > 0)
		chunk_count /= TRACE_FAN;
	return chunk_count;
}

/* Where they begin in those of the stream: level after level. */
static inline uint32_t trace_level_begin(uint32_t chunk_count, uint32_t level)
{
	uint32_t begin = 0;

	while (level-- > 0)
		begin += trace_level_count(chunk_count, level);
	return begin;
}

/* LOAD: this, then for each part the nanoseconds of all threads by state, as float. */
struct trace_load_record {
	uint64_t part_ns;
	uint64_t part_count;
};

#endif
