/* SPDX-License-Identifier: MIT */
/* What an open trace has, by number. */
#include "format/trace_reader.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "base/xalloc.h"

const struct trace_info *trace_info(const struct trace *trace)
{
	return &trace->info;
}

size_t trace_thread_count(const struct trace *trace)
{
	return trace->thread_count;
}

const struct trace_thread *trace_thread(const struct trace *trace, uint32_t thread)
{
	return thread < trace->thread_count ? &trace->threads[thread] : NULL;
}

size_t trace_object_count(const struct trace *trace)
{
	return trace->object_count;
}

const struct trace_object *trace_object(const struct trace *trace, uint32_t object)
{
	return object < trace->object_count ? &trace->objects[object] : NULL;
}

size_t trace_string_count(const struct trace *trace)
{
	return trace->string_count;
}

const char *trace_string(const struct trace *trace, uint64_t string)
{
	if (string == 0 || string >= trace->string_count)
		return "";
	return trace->string_bytes + trace->string_ends[string - 1];
}

size_t trace_stack_count(const struct trace *trace)
{
	return trace->stack_count;
}

const uint32_t *trace_stack(const struct trace *trace, uint32_t stack, size_t *count)
{
	*count = 0;
	if (stack == 0 || stack >= trace->stack_count)
		return trace->frame_lists;
	*count = trace->stack_ends[stack] - trace->stack_ends[stack - 1];
	return trace->frame_lists + trace->stack_ends[stack - 1];
}

size_t trace_frame_count(const struct trace *trace)
{
	return trace->frame_count;
}

const struct trace_frame *trace_frame(const struct trace *trace, uint32_t frame)
{
	return frame < trace->frame_count ? &trace->frames[frame] : NULL;
}

const struct trace_stream_record *trace_stream_of(const struct trace *trace,
						  enum trace_stream stream, uint32_t owner)
{
	uint64_t wanted = (uint64_t)stream << 32 | owner;
	uint32_t low = 0, high = trace->stream_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct trace_stream_record *record = &trace->streams[middle];
		uint64_t key = (uint64_t)record->kind << 32 | record->owner;

		if (key == wanted)
			return record;
		if (key < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Is a part of a chunk in what there is of the file? */
static bool is_there(const struct trace *trace, uint64_t offset, uint64_t size)
{
	return offset <= trace->data_size && size <= trace->data_size - offset;
}

void trace_give_back(const struct trace *trace, uint64_t offset, uint64_t size)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t from = (offset + page - 1) / page * page, to = (offset + size) / page * page;

	/* Where it does not work they stay. */
	if (from < to)
		madvise((void *)(uintptr_t)(trace->file + from), to - from, MADV_DONTNEED);
}

/* A walk over a file of gigabytes is not to look as if it needed them. With each page the kernel maps the 16 around it: some MB for
 * one that was read. */
static void count_read(const struct trace *trace, size_t size)
{
	enum { GIVE_BACK_AFTER = 1 << 20 };

	if (atomic_fetch_add_explicit(trace->read_bytes, size, memory_order_relaxed) + size <
	    GIVE_BACK_AFTER)
		return;
	atomic_store_explicit(trace->read_bytes, 0, memory_order_relaxed);
	trace_give_back(trace, trace->data_offset, trace->data_size);
}

size_t trace_unpack(const struct trace *trace, const struct trace_chunk_record *chunk,
		    uint8_t **buffer, size_t *buffer_cap)
{
	const uint8_t *bytes = trace->file + trace->data_offset + chunk->offset;
	size_t size;

	if (!is_there(trace, chunk->offset, chunk->size) ||
	    chunk->unpacked_size > TRACE_CHUNK_MAX || chunk->size > chunk->unpacked_size ||
	    crc32_z(0, bytes, chunk->size) != chunk->crc)
		return 0;
	if (*buffer_cap < chunk->unpacked_size) {
		*buffer_cap = chunk->unpacked_size;
		*buffer = xrealloc(*buffer, *buffer_cap, 1);
	}
	if (chunk->size == chunk->unpacked_size) {
		memcpy(*buffer, bytes, chunk->size);
		count_read(trace, chunk->size);
		return chunk->size;
	}
	size = ZSTD_decompressDCtx(trace->unpacker, *buffer, chunk->unpacked_size, bytes,
				   chunk->size);
	count_read(trace, chunk->size);
	return ZSTD_isError(size) || size != chunk->unpacked_size ? 0 : size;
}

const uint8_t *trace_groups(const struct trace *trace, const struct trace_chunk_record *chunk,
			    const uint8_t **end)
{
	const uint8_t *groups;

	if (!is_there(trace, chunk->offset, chunk->size) ||
	    !is_there(trace, chunk->offset + chunk->size, chunk->groups_size))
		return NULL;
	groups = trace->file + trace->data_offset + chunk->offset + chunk->size;
	*end = groups + chunk->groups_size;
	return crc32_z(0, groups, chunk->groups_size) == chunk->groups_crc ? groups : NULL;
}
