/* SPDX-License-Identifier: MIT */
/* The reader of trace_file.h, for the files that it is made of. */
#ifndef PPROFMK_FORMAT_TRACE_READER_H
#define PPROFMK_FORMAT_TRACE_READER_H

#include <stdatomic.h>
#include <zstd.h>

#include "format/trace_item.h"
#include "format/trace_layout.h"
#include "format/trace_sum.h"

struct trace {
	const uint8_t *file; /* mapped */
	size_t file_size;    /* of what is there */
	uint64_t data_offset;
	uint64_t data_size; /* of what is there */
	ZSTD_DCtx *unpacker;
	_Atomic size_t *read_bytes; /* of chunks, since their pages were last given back */
	_Atomic bool *is_damaged;   /* of each chunk: a cursor has found that it can't be read */
	struct trace_info info;
	/* Unpacked sections; those that are read where they lie point into the file. */
	uint8_t *owned[TRACE_SECTION_COUNT];
	const uint8_t *sections[TRACE_SECTION_COUNT];
	size_t section_sizes[TRACE_SECTION_COUNT];
	uint32_t string_count, stack_count, frame_count, thread_count, object_count, stream_count,
		chunk_count, sum_count;
	const uint32_t *string_ends, *stack_ends, *frame_lists;
	const char *string_bytes;
	struct trace_frame *frames;
	struct trace_thread *threads;
	struct trace_object *objects;
	const struct trace_stream_record *streams;
	const struct trace_chunk_record *chunks;
	const struct trace_sum_record *sums;
	struct trace_load_record load;
	const float *load_ns; /* [part][state] */
};

/* The stream, NULL: there is none. */
const struct trace_stream_record *trace_stream_of(const struct trace *trace,
						  enum trace_stream stream, uint32_t owner);

/* Pages of the mapped file that were read count as ours until they are given back; they are in the kernel's cache all the same. Give
 * back those that lie wholly in `size` bytes from `offset` on. */
void trace_give_back(const struct trace *trace, uint64_t offset, uint64_t size);

/* A chunk's items, unpacked into *buffer, which grows as needed (the caller frees it). Returns their size, 0: the chunk is damaged
 * or missing. */
size_t trace_unpack(const struct trace *trace, const struct trace_chunk_record *chunk,
		    uint8_t **buffer, size_t *buffer_cap);

/* The sums of a chunk's groups, where they lie; NULL: damaged or missing. *end is what comes behind them. */
const uint8_t *trace_groups(const struct trace *trace, const struct trace_chunk_record *chunk,
			    const uint8_t **end);

#endif
