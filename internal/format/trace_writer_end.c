/* SPDX-License-Identifier: MIT */
/* Putting the file together: names and index first, so that a file that was cut off still has them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/xalloc.h"
#include "format/trace_writer.h"
#include "format/write_file.h"

/* A section while it is made. */
struct bytes {
	uint8_t *start;
	size_t len, cap;
};

struct assembly {
	struct trace_section sections[TRACE_SECTION_COUNT];
	struct bytes bytes[TRACE_SECTION_COUNT];
	struct trace_writer *writer;
};

static void put(struct bytes *bytes, const void *from, size_t size)
{
	if (bytes->cap - bytes->len < size) {
		bytes->cap = (bytes->len + size) * 2;
		bytes->start = xrealloc(bytes->start, bytes->cap, 1);
	}
	if (size > 0)
		memcpy(bytes->start + bytes->len, from, size);
	bytes->len += size;
}

static void put_info(struct assembly *assembly, const struct trace_info *info)
{
	struct trace_names *names = &assembly->writer->names;
	struct trace_info_record record = {
		.start_realtime_ns = info->start_realtime_ns,
		.span_ns = info->span_ns,
		.event_count = info->event_count,
		.lost_events = info->lost_events,
		.lost_switches = info->lost_switches,
		.program = trace_names_string(names, info->program),
		.test = trace_names_string(names, info->test),
		.outcome = trace_names_string(names, info->outcome),
		.source = trace_names_string(names, info->source),
		.note = trace_names_string(names, info->note),
		.cpu_count = info->cpu_count,
		.page_bytes = info->page_bytes,
		.fault_count = info->fault_count,
	};

	put(&assembly->bytes[TRACE_SECTION_INFO], &record, sizeof record);
}

static void put_names(struct assembly *assembly)
{
	const struct trace_names *names = &assembly->writer->names;
	struct bytes *strings = &assembly->bytes[TRACE_SECTION_STRINGS];
	struct bytes *stacks = &assembly->bytes[TRACE_SECTION_STACKS];
	uint32_t string_count = (uint32_t)names->string_len;
	uint32_t stack_count = (uint32_t)names->stack_len;

	put(strings, &string_count, sizeof string_count);
	put(strings, names->string_ends, string_count * sizeof(uint32_t));
	put(strings, names->bytes, names->bytes_len);
	put(stacks, &stack_count, sizeof stack_count);
	put(stacks, names->stack_ends, stack_count * sizeof(uint32_t));
	put(stacks, names->frame_lists, names->list_len * sizeof(uint32_t));
	for (size_t i = 0; i < names->frame_len; i++) {
		const struct trace_frame *frame = &names->frames[i];
		struct trace_frame_record record = {.address = frame->address,
						    .function = frame->function,
						    .file = frame->file,
						    .module = frame->module,
						    .line = frame->line,
						    .is_inlined = frame->is_inlined};

		put(&assembly->bytes[TRACE_SECTION_FRAMES], &record, sizeof record);
	}
}

static void fill_in(struct trace_thread *thread, const struct trace_streams *streams,
		    uint32_t number)
{
	const struct trace_stream_out *states =
		trace_streams_find(streams, TRACE_STREAM_STATES, number);
	const struct trace_stream_out *events =
		trace_streams_find(streams, TRACE_STREAM_EVENTS, number);

	thread->state_count = states != NULL ? states->all_count : 0;
	thread->event_count = events != NULL ? events->all_count : 0;
	thread->region_depth = events != NULL ? events->region_depth : 0;
	memset(thread->state_ns, 0, sizeof thread->state_ns);
	if (states != NULL)
		memcpy(thread->state_ns, states->state_ns, sizeof thread->state_ns);
}

static void put_thread(struct assembly *assembly, const struct trace_thread *thread)
{
	struct trace_thread_record record = {.tid = thread->tid,
					     .creator = thread->creator,
					     .name = thread->name,
					     .function = thread->function,
					     .start_ns = thread->start_ns,
					     .end_ns = thread->end_ns,
					     .lost_events = thread->lost_events,
					     .event_count = thread->event_count,
					     .state_count = thread->state_count,
					     .region_depth = thread->region_depth,
					     .is_alive = thread->is_alive};

	memcpy(record.state_ns, thread->state_ns, sizeof record.state_ns);
	put(&assembly->bytes[TRACE_SECTION_THREADS], &record, sizeof record);
}

static void put_objects(struct assembly *assembly, const struct trace_object *objects, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct trace_object_record record = {.address = objects[i].address,
						     .kind = objects[i].kind};

		put(&assembly->bytes[TRACE_SECTION_OBJECTS], &record, sizeof record);
	}
}

static int by_kind_and_owner(const void *a, const void *b)
{
	const struct trace_stream_out *x = *(struct trace_stream_out *const *)a;
	const struct trace_stream_out *y = *(struct trace_stream_out *const *)b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return (x->owner > y->owner) - (x->owner < y->owner);
}

/* Chunks and sums are in the order of writing; the file has those of a stream together. Each goes to where the first of its
 * stream (and level) stands, plus how many came before it: `at` counts. */
static void put_chunks(struct assembly *assembly, const struct trace_stream_record *records,
		       const uint32_t *positions)
{
	const struct trace_streams *streams = &assembly->writer->streams;
	struct trace_chunk_record *chunks = xcalloc(streams->chunk_len + 1, sizeof *chunks);
	uint32_t *at = xcalloc(streams->stream_len + 1, sizeof *at);

	for (size_t i = 0; i < streams->chunk_len; i++) {
		uint32_t stream = streams->chunks[i].stream;

		chunks[records[positions[stream]].first_chunk + at[stream]++] =
			streams->chunks[i].record;
	}
	put(&assembly->bytes[TRACE_SECTION_CHUNKS], chunks, streams->chunk_len * sizeof *chunks);
	free(chunks);
	free(at);
}

static void put_sums(struct assembly *assembly, const struct trace_stream_record *records,
		     const uint32_t *positions, uint32_t count)
{
	const struct trace_streams *streams = &assembly->writer->streams;
	struct trace_sum_record *sums = xcalloc((size_t)count + 1, sizeof *sums);
	uint32_t *at = xcalloc((streams->stream_len + 1) * TRACE_LEVELS, sizeof *at);

	for (size_t i = 0; i < streams->sum_len; i++) {
		const struct trace_sum_out *sum = &streams->sums[i];
		const struct trace_stream_record *record = &records[positions[sum->stream]];
		uint32_t begin = trace_level_begin(record->chunk_count, sum->level);

		/* Its chunk turned out to be the only one. */
		if (record->chunk_count < 2)
			continue;
		sums[record->first_sum + begin + at[sum->stream * TRACE_LEVELS + sum->level]++] =
			sum->record;
	}
	put(&assembly->bytes[TRACE_SECTION_SUMS], sums, count * sizeof *sums);
	free(sums);
	free(at);
}

static void put_streams(struct assembly *assembly)
{
	struct trace_streams *streams = &assembly->writer->streams;
	size_t count = streams->stream_len;
	struct trace_stream_out **sorted = xcalloc(count + 1, sizeof(struct trace_stream_out *));
	struct trace_stream_record *records = xcalloc(count + 1, sizeof *records);
	uint32_t *positions = xcalloc(count + 1, sizeof *positions);
	uint32_t chunk = 0, sum = 0;

	if (count > 0)
		memcpy(sorted, streams->streams, count * sizeof(struct trace_stream_out *));
	qsort(sorted, count, sizeof(struct trace_stream_out *), by_kind_and_owner);
	for (uint32_t i = 0; i < count; i++) {
		records[i] = (struct trace_stream_record){.kind = sorted[i]->kind,
							  .owner = sorted[i]->owner,
							  .first_chunk = chunk,
							  .chunk_count = sorted[i]->chunk_count,
							  .first_sum = sum};
		positions[sorted[i]->number] = i;
		chunk += sorted[i]->chunk_count;
		sum += trace_level_begin(sorted[i]->chunk_count, TRACE_LEVELS);
	}
	put(&assembly->bytes[TRACE_SECTION_STREAMS], records, count * sizeof *records);
	put_chunks(assembly, records, positions);
	put_sums(assembly, records, positions, sum);
	free(sorted);
	free(records);
	free(positions);
}

/* A part for each few states: of a short trace, a fine grid would be most of the file. */
static void put_load(struct assembly *assembly)
{
	struct bytes *bytes = &assembly->bytes[TRACE_SECTION_LOAD];
	struct trace_load *load = &assembly->writer->load;
	struct trace_load_record record;
	size_t states = 0;

	for (size_t i = 0; i < assembly->writer->streams.stream_len; i++)
		if (assembly->writer->streams.streams[i]->kind == TRACE_STREAM_STATES)
			states += assembly->writer->streams.streams[i]->all_count;
	trace_load_shrink(load, states / 8 + 64);
	record = (struct trace_load_record){load->part_ns, load->part_count};
	put(bytes, &record, sizeof record);
	for (size_t i = 0; i < load->part_count; i++) {
		float ns[TRACE_STATE_COUNT];

		for (size_t s = 0; s < TRACE_STATE_COUNT; s++)
			ns[s] = (float)load->ns[i][s];
		put(bytes, ns, sizeof ns);
	}
}

/* What is read where it lies in the file is not packed. */
static bool is_packed(enum trace_section_id id)
{
	return id != TRACE_SECTION_CHUNKS && id != TRACE_SECTION_SUMS &&
	       id != TRACE_SECTION_STREAMS;
}

static void pack(struct bytes *bytes, ZSTD_CCtx *packer)
{
	size_t bound = ZSTD_compressBound(bytes->len);
	uint8_t *packed = xmalloc(bound);
	size_t size = ZSTD_compressCCtx(packer, packed, bound, bytes->start, bytes->len, 3);

	if (ZSTD_isError(size))
		xalloc_failed(); /* there is room for the bound: nothing else can fail */
	free(bytes->start);
	*bytes = (struct bytes){packed, size, bound};
}

static uint64_t aligned(uint64_t offset)
{
	return (offset + 15) / 16 * 16;
}

static struct trace_head place(struct assembly *assembly)
{
	uint64_t offset = sizeof(struct trace_head) + sizeof assembly->sections;
	struct trace_head head = {.magic = TRACE_MAGIC,
				  .version = TRACE_FILE_VERSION,
				  .section_count = TRACE_SECTION_COUNT,
				  .state_count = TRACE_STATE_COUNT};

	for (uint32_t id = 0; id < TRACE_SECTION_COUNT; id++) {
		struct bytes *bytes = &assembly->bytes[id];
		struct trace_section *section = &assembly->sections[id];

		section->id = id;
		section->unpacked_size = bytes->len;
		section->is_packed = is_packed(id) && bytes->len > 0;
		if (section->is_packed)
			pack(bytes, assembly->writer->streams.packer);
		offset = aligned(offset);
		section->offset = offset;
		section->size = bytes->len;
		section->crc = (uint32_t)crc32_z(0, bytes->start, bytes->len);
		offset += bytes->len;
	}
	head.data_offset = aligned(offset);
	head.file_bytes = head.data_offset + assembly->writer->streams.size_bytes;
	head.sections_crc =
		(uint32_t)crc32_z(0, (const Bytef *)assembly->sections, sizeof assembly->sections);
	return head;
}

/* The chunks, from the file without a name. */
static int copy_chunks(int to, int from, uint64_t size_bytes)
{
	static uint8_t buffer[1 << 18];
	uint64_t at = 0;

	while (at < size_bytes) {
		ssize_t length = pread(from, buffer, sizeof buffer, (off_t)at);
		int error;

		if (length <= 0)
			return length < 0 && errno != 0 ? -errno : -EIO;
		error = fmt_write_all(to, buffer, (size_t)length);
		if (error != 0)
			return error;
		at += (uint64_t)length;
	}
	return 0;
}

static int write_at(int fd, const void *bytes, size_t size, uint64_t offset)
{
	if (lseek(fd, (off_t)offset, SEEK_SET) < 0)
		return -errno;
	return fmt_write_all(fd, bytes, size);
}

static int write_file(int fd, const struct assembly *assembly, const struct trace_head *head)
{
	int error = write_at(fd, head, sizeof *head, 0);

	if (error == 0)
		error = fmt_write_all(fd, assembly->sections, sizeof assembly->sections);
	for (size_t id = 0; id < TRACE_SECTION_COUNT && error == 0; id++)
		error = write_at(fd, assembly->bytes[id].start, assembly->bytes[id].len,
				 assembly->sections[id].offset);
	if (error == 0 && lseek(fd, (off_t)head->data_offset, SEEK_SET) < 0)
		error = -errno;
	if (error == 0)
		error = copy_chunks(fd, assembly->writer->streams.fd,
				    assembly->writer->streams.size_bytes);
	/* Where there are no chunks the file would end before data_offset. */
	if (error == 0 && ftruncate(fd, (off_t)head->file_bytes) != 0)
		error = -errno;
	return error;
}

static int write_renamed(const struct assembly *assembly, const struct trace_head *head)
{
	const char *path = assembly->writer->path;
	int fd, error;
	char *name = fmt_open_beside(path, &fd);

	if (name == NULL)
		return fd;
	error = write_file(fd, assembly, head);
	if (close(fd) != 0 && error == 0)
		error = -errno;
	if (error == 0 && rename(name, path) != 0)
		error = -errno;
	if (error != 0)
		unlink(name);
	free(name);
	return error;
}

int trace_writer_end(struct trace_writer *writer, const struct trace_info *info,
		     struct trace_thread *threads, size_t thread_count,
		     const struct trace_object *objects, size_t object_count)
{
	struct assembly *assembly = xcalloc(1, sizeof *assembly);
	struct trace_head head;
	int error;

	trace_writer_heap_end(writer, info->span_ns);
	error = trace_streams_flush(&writer->streams);
	assembly->writer = writer;
	if (error == 0) {
		put_info(assembly, info);
		put_names(assembly);
		for (size_t i = 0; i < thread_count; i++) {
			fill_in(&threads[i], &writer->streams, (uint32_t)i);
			put_thread(assembly, &threads[i]);
		}
		put_objects(assembly, objects, object_count);
		put_streams(assembly);
		put_load(assembly);
		head = place(assembly);
		error = write_renamed(assembly, &head);
	}
	for (size_t id = 0; id < TRACE_SECTION_COUNT; id++)
		free(assembly->bytes[id].start);
	free(assembly);
	trace_writer_cancel(writer);
	return error;
}
