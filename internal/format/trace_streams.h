/* SPDX-License-Identifier: MIT */
/* The streams of a trace that is being written: items become chunks, in a file that only grows, and sums. */
#ifndef PPROFMK_FORMAT_TRACE_STREAMS_H
#define PPROFMK_FORMAT_TRACE_STREAMS_H

#include <zstd.h>

#include "format/trace_item.h"
#include "format/trace_layout.h"
#include "format/trace_sum.h"

struct trace_stream_out;

/* A chunk or a sum, and which stream it is of. They are in the order of writing. */
struct trace_chunk_out {
	uint32_t stream; /* in trace_streams.streams */
	struct trace_chunk_record record;
};

struct trace_sum_out {
	uint32_t stream;
	uint32_t level;
	struct trace_sum_record record;
};

/* All zero but for fd and packer: no streams. */
struct trace_streams {
	int fd;
	int error; /* -errno of the first write that failed; nothing is written after it */
	uint64_t size_bytes; /* of the file */
	ZSTD_CCtx *packer;
	uint8_t *pending; /* bytes that are not written yet */
	size_t pending_len;
	struct trace_stream_out **streams;
	size_t stream_len, stream_cap;
	uint32_t *of[4]; /* [enum trace_stream][owner]: number in streams + 1, 0: none yet */
	size_t of_cap[4];
	struct trace_chunk_out *chunks;
	size_t chunk_len, chunk_cap;
	struct trace_sum_out *sums;
	size_t sum_len, sum_cap;
};

/* Sums over chunks that are not complete. */
struct trace_levels {
	struct trace_span spans[TRACE_LEVELS];
	uint32_t counts[TRACE_LEVELS];
};

struct trace_stream_out {
	uint32_t number;
	enum trace_stream kind;
	uint32_t owner;
	uint32_t chunk_count;
	uint32_t item_count; /* of the chunk that is being filled */
	size_t len, cap, groups_len;
	uint8_t *items;
	uint8_t *groups;
	struct trace_item_base base;
	uint64_t first_ns; /* what the chunk's first item is relative to */
	uint64_t group_base_ns;
	struct trace_span group, chunk;
	uint64_t last_ns;	     /* end of the last item, of all chunks */
	struct trace_levels *levels; /* NULL: no chunk is complete */
	uint32_t types;		     /* of the chunk's events: set of 1 << enum trace_event_type */
	uint32_t region_ns;	     /* of the longest region of the chunk, at most UINT32_MAX */
	uint32_t region_depth;	     /* of all chunks */
	uint64_t all_count;	     /* items of all chunks */
	uint64_t state_ns[TRACE_STATE_COUNT]; /* of all */
};

/* Add an item. What comes out of order begins where the one before it ended. */
void trace_streams_add(struct trace_streams *streams, enum trace_stream kind, uint32_t owner,
		       union trace_item *item);

/* A stream, NULL: it has no items. */
const struct trace_stream_out *trace_streams_find(const struct trace_streams *streams,
						  enum trace_stream kind, uint32_t owner);

/* Write what has been added. Returns 0 or -errno. */
int trace_streams_flush(struct trace_streams *streams);

void trace_streams_free(struct trace_streams *streams);

#endif
