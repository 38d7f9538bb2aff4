/* SPDX-License-Identifier: MIT */
/* What is written of a trace while it is finished; trace_writer_end.c puts the file together. */
#include "format/trace_writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "format/write_file.h"

struct trace_writer *trace_writer_new(const char *path)
{
	int fd;
	char *name = fmt_open_beside(path, &fd);
	struct trace_writer *writer;

	if (name == NULL) {
		errno = -fd;
		return NULL;
	}
	/* It needs no name: whatever ends us leaves nothing of it. */
	unlink(name);
	free(name);
	writer = xcalloc(1, sizeof *writer);
	writer->path = xstrdup(path);
	writer->streams.fd = fd;
	writer->streams.packer = ZSTD_createCCtx();
	if (writer->streams.packer == NULL)
		xalloc_failed();
	trace_names_init(&writer->names);
	trace_load_init(&writer->load);
	return writer;
}

void trace_writer_cancel(struct trace_writer *writer)
{
	ZSTD_freeCCtx(writer->streams.packer);
	close(writer->streams.fd);
	trace_streams_free(&writer->streams);
	trace_names_free(&writer->names);
	trace_load_free(&writer->load);
	free(writer->path);
	free(writer);
}

uint32_t trace_writer_string(struct trace_writer *writer, const char *text)
{
	return trace_names_string(&writer->names, text);
}

uint32_t trace_writer_frame(struct trace_writer *writer, const struct trace_frame *frame)
{
	return trace_names_frame(&writer->names, frame);
}

uint32_t trace_writer_stack(struct trace_writer *writer, const uint32_t *frames, size_t count)
{
	return trace_names_stack(&writer->names, frames, count);
}

void trace_writer_state(struct trace_writer *writer, uint32_t thread,
			const struct trace_state_item *item)
{
	union trace_item copy = {.state = *item};

	trace_streams_add(&writer->streams, TRACE_STREAM_STATES, thread, &copy);
	trace_load_add(&writer->load, &copy.state);
}

void trace_writer_event(struct trace_writer *writer, uint32_t thread,
			const struct trace_event *event)
{
	union trace_item copy = {.event = *event};

	trace_streams_add(&writer->streams, TRACE_STREAM_EVENTS, thread, &copy);
}

void trace_writer_cpu(struct trace_writer *writer, uint32_t cpu, const struct trace_cpu_item *item)
{
	union trace_item copy = {.cpu = *item};

	trace_streams_add(&writer->streams, TRACE_STREAM_CPU, cpu, &copy);
}

/* A size holds until the next: it is written when that is known. */
static void write_heap(struct trace_writer *writer, uint64_t end_ns)
{
	union trace_item item = {.heap = {.start_ns = writer->heap.ns,
					  .end_ns = end_ns,
					  .bytes = writer->heap.bytes}};

	if (writer->has_heap)
		trace_streams_add(&writer->streams, TRACE_STREAM_HEAP, 0, &item);
}

void trace_writer_heap(struct trace_writer *writer, const struct trace_heap_item *item)
{
	write_heap(writer, item->ns);
	writer->heap = *item;
	writer->has_heap = true;
}

void trace_writer_heap_end(struct trace_writer *writer, uint64_t span_ns)
{
	write_heap(writer, writer->heap.ns > span_ns ? writer->heap.ns : span_ns);
	writer->has_heap = false;
}
