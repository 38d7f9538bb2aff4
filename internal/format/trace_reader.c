/* SPDX-License-Identifier: MIT */
/* Opening a trace. Everything in the file that is used as an index is checked here, or where it is used. */
#include "format/trace_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/xalloc.h"

/* A section that says it is larger when unpacked is refused: a file of some kilobytes could ask for any memory. */
#define SECTION_MAX (UINT64_C(1) << 30)

struct opening {
	struct trace *trace;
	const char *path;
	char *error;
	size_t error_size;
};

__attribute__((format(printf, 2, 3))) static bool refuse(const struct opening *opening,
							 const char *format, ...)
{
	int length = snprintf(opening->error, opening->error_size, "%s: ", opening->path);
	va_list arguments;

	va_start(arguments, format);
	if (length >= 0 && (size_t)length < opening->error_size)
		vsnprintf(opening->error + length, opening->error_size - (size_t)length, format,
			  arguments);
	va_end(arguments);
	return false;
}

static bool map_file(const struct opening *opening)
{
	int fd = open(opening->path, O_RDONLY | O_CLOEXEC);
	struct stat status = {.st_size = 0};
	void *file = MAP_FAILED;
	int error = 0;

	if (fd < 0 || fstat(fd, &status) != 0)
		error = errno;
	else if (!S_ISREG(status.st_mode) || status.st_size < (off_t)sizeof(struct trace_head))
		error = EINVAL;
	else if ((file = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0)) ==
		 MAP_FAILED)
		error = errno;
	if (fd >= 0)
		close(fd);
	if (error == EINVAL)
		return refuse(opening, "not a trace");
	if (error != 0)
		return refuse(opening, "%s", strerror(error));
	opening->trace->file = file;
	opening->trace->file_size = (size_t)status.st_size;
	return true;
}

static bool check_head(const struct opening *opening, const struct trace_head *head)
{
	struct trace *trace = opening->trace;

	if (head->magic != TRACE_MAGIC)
		return refuse(opening, "not a trace");
	if (head->version != TRACE_FILE_VERSION || head->state_count != TRACE_STATE_COUNT ||
	    head->section_count != TRACE_SECTION_COUNT)
		return refuse(
			opening,
			"a trace of version %u, this pprofmk reads version %d: make it again, "
			"or use the pprofmk that made it",
			head->version, TRACE_FILE_VERSION);
	if (head->data_offset > trace->file_size)
		return refuse(opening, "cut off at byte %zu of %llu, before its first event",
			      trace->file_size, (unsigned long long)head->file_bytes);
	if (head->data_offset < sizeof *head + TRACE_SECTION_COUNT * sizeof(struct trace_section) ||
	    head->file_bytes < head->data_offset)
		return refuse(opening, "damaged: its head makes no sense");
	trace->data_offset = head->data_offset;
	trace->data_size = trace->file_size - head->data_offset;
	if (head->file_bytes - head->data_offset > trace->data_size)
		trace->info.cut_bytes = head->file_bytes - trace->file_size;
	return true;
}

static bool unpack_section(const struct opening *opening, const struct trace_section *section)
{
	struct trace *trace = opening->trace;
	const uint8_t *bytes = trace->file + section->offset;
	size_t size;

	if (!section->is_packed) {
		trace->sections[section->id] = bytes;
		trace->section_sizes[section->id] = section->size;
		return section->offset % 8 == 0 ||
		       refuse(opening, "damaged: section %u lies wrong", section->id);
	}
	if (section->unpacked_size > SECTION_MAX)
		return refuse(opening, "damaged: section %u of %llu bytes", section->id,
			      (unsigned long long)section->unpacked_size);
	trace->owned[section->id] = xmalloc(section->unpacked_size);
	size = ZSTD_decompressDCtx(trace->unpacker, trace->owned[section->id],
				   section->unpacked_size, bytes, section->size);
	if (ZSTD_isError(size) || size != section->unpacked_size)
		return refuse(opening, "damaged: section %u does not unpack", section->id);
	trace->sections[section->id] = trace->owned[section->id];
	trace->section_sizes[section->id] = size;
	return true;
}

/* The sum of a part of the file, which is looked at piece after piece: an index of many MB is not all needed at once. */
static uint32_t sum_of(const struct trace *trace, uint64_t offset, uint64_t size)
{
	enum { PIECE = 1 << 20 };
	uLong sum = 0;

	for (uint64_t done = 0, piece; done < size; done += piece) {
		piece = size - done < PIECE ? size - done : PIECE;
		sum = crc32_z(sum, trace->file + offset + done, piece);
		trace_give_back(trace, offset + done, piece);
	}
	return (uint32_t)sum;
}

static bool read_section(const struct opening *opening, uint32_t id,
			 const struct trace_section *section)
{
	uint64_t limit = opening->trace->data_offset;

	if (section->id != id || section->offset > limit || section->size > limit - section->offset)
		return refuse(opening, "damaged: section %u lies outside the file", id);
	if (sum_of(opening->trace, section->offset, section->size) != section->crc)
		return refuse(opening, "damaged: section %u has another sum", id);
	return unpack_section(opening, section);
}

/* How many records of a size a section has; anything left over is damage. */
static bool count_records(const struct opening *opening, enum trace_section_id id, size_t size,
			  uint32_t *count)
{
	size_t bytes = opening->trace->section_sizes[id];

	if (bytes % size != 0 || bytes / size > UINT32_MAX - 1)
		return refuse(opening, "damaged: section %d is no list", (int)id);
	*count = (uint32_t)(bytes / size);
	return true;
}

/* STRINGS or STACKS: ends that only grow, up to what is there. Returns the first word behind them, NULL: damaged. */
static const uint32_t *read_ends(const struct opening *opening, enum trace_section_id id,
				 size_t item_size, uint32_t *count, const uint32_t **ends)
{
	const uint32_t *words = (const uint32_t *)(const void *)opening->trace->sections[id];
	size_t word_count = opening->trace->section_sizes[id] / sizeof *words;
	uint32_t before = 0;
	size_t room;

	if (word_count == 0 || words[0] == 0 || words[0] >= word_count)
		return NULL;
	*count = words[0];
	*ends = words + 1;
	room = (opening->trace->section_sizes[id] - (1 + (size_t)*count) * sizeof *words) /
	       item_size;
	for (uint32_t i = 0; i < *count; i++) {
		if ((*ends)[i] < before || (*ends)[i] > room)
			return NULL;
		before = (*ends)[i];
	}
	return words + 1 + *count;
}

static bool read_names(const struct opening *opening)
{
	struct trace *trace = opening->trace;

	trace->string_bytes = (const char *)read_ends(opening, TRACE_SECTION_STRINGS, 1,
						      &trace->string_count, &trace->string_ends);
	trace->frame_lists = read_ends(opening, TRACE_SECTION_STACKS, sizeof(uint32_t),
				       &trace->stack_count, &trace->stack_ends);
	if (trace->string_bytes == NULL || trace->frame_lists == NULL)
		return refuse(opening, "damaged: its names make no sense");
	for (uint32_t i = 0, begin = 0; i < trace->string_count; begin = trace->string_ends[i++])
		if (trace->string_ends[i] == begin ||
		    trace->string_bytes[trace->string_ends[i] - 1] != '\0')
			return refuse(opening, "damaged: string %u does not end", i);
	return true;
}

static bool read_frames(const struct opening *opening)
{
	struct trace *trace = opening->trace;
	const struct trace_frame_record *records =
		(const void *)trace->sections[TRACE_SECTION_FRAMES];

	if (!count_records(opening, TRACE_SECTION_FRAMES, sizeof *records, &trace->frame_count))
		return false;
	trace->frames = xcalloc(trace->frame_count, sizeof *trace->frames);
	for (uint32_t i = 0; i < trace->frame_count; i++)
		trace->frames[i] = (struct trace_frame){.address = records[i].address,
							.function = records[i].function,
							.file = records[i].file,
							.module = records[i].module,
							.line = records[i].line,
							.is_inlined = records[i].is_inlined};
	return true;
}

static struct trace_thread thread_of(const struct trace_thread_record *record)
{
	struct trace_thread thread = {.tid = record->tid,
				      .creator = record->creator,
				      .name = record->name,
				      .function = record->function,
				      .start_ns = record->start_ns,
				      .end_ns = record->end_ns,
				      .lost_events = record->lost_events,
				      .event_count = record->event_count,
				      .state_count = record->state_count,
				      .region_depth = record->region_depth,
				      .is_alive = record->is_alive};

	memcpy(thread.state_ns, record->state_ns, sizeof thread.state_ns);
	return thread;
}

static bool read_threads(const struct opening *opening)
{
	struct trace *trace = opening->trace;
	const struct trace_thread_record *records =
		(const void *)trace->sections[TRACE_SECTION_THREADS];
	const struct trace_object_record *objects =
		(const void *)trace->sections[TRACE_SECTION_OBJECTS];

	if (!count_records(opening, TRACE_SECTION_THREADS, sizeof *records, &trace->thread_count) ||
	    !count_records(opening, TRACE_SECTION_OBJECTS, sizeof *objects, &trace->object_count))
		return false;
	trace->threads = xcalloc(trace->thread_count, sizeof *trace->threads);
	for (uint32_t i = 0; i < trace->thread_count; i++) {
		trace->threads[i] = thread_of(&records[i]);
		if (records[i].end_ns < records[i].start_ns)
			return refuse(opening, "damaged: thread %u ends before it begins", i);
	}
	trace->objects = xcalloc(trace->object_count, sizeof *trace->objects);
	for (uint32_t i = 0; i < trace->object_count; i++)
		trace->objects[i] = (struct trace_object){objects[i].address, objects[i].kind};
	return true;
}

static bool read_streams(const struct opening *opening)
{
	struct trace *trace = opening->trace;

	trace->streams = (const void *)trace->sections[TRACE_SECTION_STREAMS];
	trace->chunks = (const void *)trace->sections[TRACE_SECTION_CHUNKS];
	trace->sums = (const void *)trace->sections[TRACE_SECTION_SUMS];
	if (!count_records(opening, TRACE_SECTION_STREAMS, sizeof *trace->streams,
			   &trace->stream_count) ||
	    !count_records(opening, TRACE_SECTION_CHUNKS, sizeof *trace->chunks,
			   &trace->chunk_count) ||
	    !count_records(opening, TRACE_SECTION_SUMS, sizeof *trace->sums, &trace->sum_count))
		return false;
	for (uint32_t i = 0; i < trace->stream_count; i++)
		if (trace->streams[i].first_chunk > trace->chunk_count ||
		    trace->streams[i].chunk_count >
			    trace->chunk_count - trace->streams[i].first_chunk)
			return refuse(opening, "damaged: stream %u has no chunks", i);
	return true;
}

static bool read_load(const struct opening *opening)
{
	struct trace *trace = opening->trace;
	size_t size = trace->section_sizes[TRACE_SECTION_LOAD];
	const uint8_t *bytes = trace->sections[TRACE_SECTION_LOAD];

	if (size < sizeof trace->load)
		return refuse(opening, "damaged: it has no load");
	memcpy(&trace->load, bytes, sizeof trace->load);
	if (trace->load.part_ns == 0 ||
	    trace->load.part_count !=
		    (size - sizeof trace->load) / (TRACE_STATE_COUNT * sizeof(float)))
		return refuse(opening, "damaged: its load makes no sense");
	trace->load_ns = (const float *)(const void *)(bytes + sizeof trace->load);
	return true;
}

static bool read_info(const struct opening *opening)
{
	struct trace *trace = opening->trace;
	const struct trace_info_record *record = (const void *)trace->sections[TRACE_SECTION_INFO];
	struct trace_info *info = &trace->info;

	if (trace->section_sizes[TRACE_SECTION_INFO] != sizeof *record)
		return refuse(opening, "damaged: it does not say what it is of");
	info->program = trace_string(trace, record->program);
	info->test = trace_string(trace, record->test);
	info->outcome = trace_string(trace, record->outcome);
	info->source = trace_string(trace, record->source);
	info->note = trace_string(trace, record->note);
	info->start_realtime_ns = record->start_realtime_ns;
	info->span_ns = record->span_ns;
	info->event_count = record->event_count;
	info->lost_events = record->lost_events;
	info->lost_switches = record->lost_switches;
	info->cpu_count = record->cpu_count;
	info->page_bytes = record->page_bytes;
	info->fault_count = record->fault_count;
	return true;
}

static bool read_sections(const struct opening *opening)
{
	struct trace_head head;
	struct trace_section sections[TRACE_SECTION_COUNT];

	memcpy(&head, opening->trace->file, sizeof head);
	if (!check_head(opening, &head))
		return false;
	memcpy(sections, opening->trace->file + sizeof head, sizeof sections);
	if (crc32_z(0, (const Bytef *)sections, sizeof sections) != head.sections_crc)
		return refuse(opening, "damaged: its table of sections has another sum");
	for (uint32_t id = 0; id < TRACE_SECTION_COUNT; id++)
		if (!read_section(opening, id, &sections[id]))
			return false;
	return read_names(opening) && read_info(opening) && read_frames(opening) &&
	       read_threads(opening) && read_streams(opening) && read_load(opening);
}

struct trace *trace_open(const char *path, char *error, size_t error_size)
{
	struct trace *trace = xcalloc(1, sizeof *trace);
	struct opening opening = {trace, path, error, error_size};

	trace->unpacker = ZSTD_createDCtx();
	trace->read_bytes = xcalloc(1, sizeof *trace->read_bytes);
	if (trace->unpacker == NULL)
		xalloc_failed();
	if (map_file(&opening) && read_sections(&opening)) {
		trace->is_damaged =
			xcalloc(trace->chunk_count + (size_t)1, sizeof *trace->is_damaged);
		return trace;
	}
	trace_close(trace);
	return NULL;
}

void trace_close(struct trace *trace)
{
	if (trace->file != NULL)
		munmap((void *)(uintptr_t)trace->file, trace->file_size);
	for (size_t id = 0; id < TRACE_SECTION_COUNT; id++)
		free(trace->owned[id]);
	free(trace->frames);
	free(trace->threads);
	free(trace->objects);
	ZSTD_freeDCtx(trace->unpacker);
	free(trace->read_bytes);
	free(trace->is_damaged);
	free(trace);
}
