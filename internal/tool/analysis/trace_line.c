/* SPDX-License-Identifier: MIT */
#include "tool/analysis/trace_line.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/varint.h"
#include "base/xalloc.h"

#define SECOND UINT64_C(1000000000)

struct trace_lines {
	const struct trace *trace;
	char **threads, **stacks; /* NULL: not written yet */
};

struct trace_lines *trace_lines_new(const struct trace *trace)
{
	struct trace_lines *lines = xcalloc(1, sizeof *lines);

	lines->trace = trace;
	lines->threads = xcalloc(trace_thread_count(trace) + 1, sizeof *lines->threads);
	lines->stacks = xcalloc(trace_stack_count(trace) + 1, sizeof *lines->stacks);
	return lines;
}

void trace_lines_free(struct trace_lines *lines)
{
	for (size_t i = 0; i < trace_thread_count(lines->trace); i++)
		free(lines->threads[i]);
	for (size_t i = 0; i < trace_stack_count(lines->trace); i++)
		free(lines->stacks[i]);
	free(lines->threads);
	free(lines->stacks);
	free(lines);
}

/* What would end a line, a field or a quoted text is written as \xXX. */
static void put_text(FILE *stream, const char *text, bool is_quoted)
{
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte < ' ' || byte == 0x7f || byte == '"' || byte == '\\' ||
		    (byte == ' ' && !is_quoted))
			fprintf(stream, "\\x%02x", byte);
		else
			putc(byte, stream);
	}
}

static void put_quoted(FILE *stream, const char *text)
{
	putc('"', stream);
	put_text(stream, text, true);
	putc('"', stream);
}

static FILE *open_text(char **text, size_t *size)
{
	FILE *stream = open_memstream(text, size);

	if (!stream)
		xalloc_failed();
	return stream;
}

static void close_text(FILE *stream)
{
	if (fclose(stream) != 0)
		xalloc_failed();
}

/* "103/worker", "-" for none. */
static const char *thread_text(struct trace_lines *lines, uint64_t thread)
{
	const struct trace_thread *of =
		thread < UINT32_MAX ? trace_thread(lines->trace, (uint32_t)thread) : NULL;
	size_t size;
	FILE *stream;

	if (!of)
		return "-";
	if (lines->threads[thread])
		return lines->threads[thread];
	stream = open_text(&lines->threads[thread], &size);
	fprintf(stream, "%" PRIu32 "/", of->tid);
	put_text(stream, trace_string(lines->trace, of->name), false);
	close_text(stream);
	return lines->threads[thread];
}

static void put_frame(FILE *stream, const struct trace *trace, const struct trace_frame *frame)
{
	const char *name = trace_string(trace, frame->function);
	const char *file = trace_string(trace, frame->file);

	if (*name)
		put_text(stream, name, true);
	else
		fprintf(stream, "0x%" PRIx64, frame->address);
	if (*file) {
		putc(' ', stream);
		put_text(stream, file, true);
		fprintf(stream, ":%" PRIu32, frame->line);
	}
}

/* The frames, leaf first, with "; " between. */
static const char *stack_text(struct trace_lines *lines, uint32_t stack)
{
	size_t count, size;
	const uint32_t *frames = trace_stack(lines->trace, stack, &count);
	FILE *stream;

	if (stack >= trace_stack_count(lines->trace))
		return "";
	if (lines->stacks[stack])
		return lines->stacks[stack];
	stream = open_text(&lines->stacks[stack], &size);
	for (size_t i = 0; i < count; i++) {
		const struct trace_frame *frame = trace_frame(lines->trace, frames[i]);

		fputs(i > 0 ? "; " : "", stream);
		if (frame)
			put_frame(stream, lines->trace, frame);
	}
	close_text(stream);
	return lines->stacks[stack];
}

static void put_time(FILE *stream, uint64_t ns)
{
	fprintf(stream, "%" PRIu64 ".%09" PRIu64, ns / SECOND, ns % SECOND);
}

static void put_object(FILE *stream, const struct trace *trace, uint64_t object)
{
	const struct trace_object *of =
		object < UINT32_MAX ? trace_object(trace, (uint32_t)object) : NULL;

	if (of)
		fprintf(stream, "%s:0x%" PRIx64, trace_wait_text(of->kind), of->address);
	else
		putc('-', stream);
}

static void put_argument(FILE *stream, struct trace_lines *lines, enum trace_argument argument,
			 uint64_t value)
{
	switch (argument) {
	case TRACE_ARGUMENT_SIGNED:
		fprintf(stream, "%" PRIi64, varint_unzigzag(value));
		break;
	case TRACE_ARGUMENT_OBJECT:
		put_object(stream, lines->trace, value);
		break;
	case TRACE_ARGUMENT_ADDRESS:
		fprintf(stream, "0x%" PRIx64, value);
		break;
	case TRACE_ARGUMENT_STRING:
		put_quoted(stream, trace_string(lines->trace, value));
		break;
	case TRACE_ARGUMENT_THREAD:
		fputs(thread_text(lines, value ? value - 1 : UINT64_MAX), stream);
		break;
	case TRACE_ARGUMENT_WAIT:
		put_text(stream, trace_wait_text(value), false);
		break;
	case TRACE_ARGUMENT_WAKE:
		put_text(stream, trace_wake_text(value), false);
		break;
	case TRACE_ARGUMENT_OUTCOME:
		put_quoted(stream, trace_outcome_text(value));
		break;
	case TRACE_ARGUMENT_CALL:
		put_text(stream, trace_call_text(value), false);
		break;
	default:
		fprintf(stream, "%" PRIu64, value);
	}
}

static void put_stacks(FILE *stream, struct trace_lines *lines, uint32_t stack, uint32_t waker,
		       uint32_t waker_stack)
{
	if (stack)
		fprintf(stream, " stack=\"%s\"", stack_text(lines, stack));
	if (waker != TRACE_NO_THREAD)
		fprintf(stream, " ended-by=%s", thread_text(lines, waker));
	if (waker_stack)
		fprintf(stream, " ended-at=\"%s\"", stack_text(lines, waker_stack));
}

/* A descriptor is kept as one more than it is, and 0 for none. */
static void put_descriptor(FILE *stream, uint64_t value)
{
	if (value)
		fprintf(stream, "%" PRIu64, value - 1);
	else
		putc('-', stream);
}

static void put_event(FILE *stream, struct trace_lines *lines, const struct trace_event *event)
{
	const struct trace_event_kind *kind =
		&trace_event_kinds[event->type < TRACE_EVENT_COUNT ? event->type : TRACE_NONE];

	fputs(kind->text, stream);
	if (kind->has_duration) {
		fputs(" lasted=", stream);
		put_time(stream, event->end_ns - event->start_ns);
	}
	for (unsigned i = 0; i < kind->argument_count; i++) {
		fprintf(stream, " %s=", trace_argument_name(event->type, i));
		if (event->type == TRACE_SYSCALL && i == 1)
			put_descriptor(stream, event->arguments[i]);
		else
			put_argument(stream, lines, kind->arguments[i], event->arguments[i]);
	}
	put_stacks(stream, lines, event->stack,
		   event->type == TRACE_WAIT ? event->waker : TRACE_NO_THREAD,
		   event->type == TRACE_WAIT ? event->waker_stack : 0);
}

static void put_state(FILE *stream, struct trace_lines *lines, const struct trace_state_item *item)
{
	bool is_on_cpu = item->state == TRACE_STATE_RUNNING || item->state == TRACE_STATE_SYSCALL;

	fprintf(stream, "is-%s lasts=", trace_state_text(item->state));
	put_time(stream, item->end_ns - item->start_ns);
	if (is_on_cpu && item->cpu != TRACE_NO_CPU)
		fprintf(stream, " cpu=%" PRIu32, item->cpu);
	if (item->state == TRACE_STATE_RUNNABLE)
		fprintf(stream, " preempted=%s", item->is_preempted ? "yes" : "no");
	if (item->call)
		fprintf(stream, " call=%s", trace_call_text(item->call - 1));
	if (trace_object(lines->trace, item->object)) {
		fputs(" object=", stream);
		put_object(stream, lines->trace, item->object);
	}
	put_stacks(stream, lines, item->stack, item->waker, item->waker_stack);
}

void trace_line_put(FILE *stream, struct trace_lines *lines, const struct trace_merged *item)
{
	put_time(stream, item->ns);
	fprintf(stream, " %s ", thread_text(lines, item->thread));
	if (item->stream == TRACE_STREAM_EVENTS)
		put_event(stream, lines, &item->event);
	else
		put_state(stream, lines, &item->state);
	putc('\n', stream);
}
