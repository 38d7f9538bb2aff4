/* SPDX-License-Identifier: MIT */
/* trace_items FILE.trace: everything that is in a trace, an item a line, for the truth tests. Columns are separated by tabs; times are
 * nanoseconds; a stack is its functions, leaf first, with ";" between, "-" where there is none; so is whatever else is not known.
 *
 *     info     NAME VALUE
 *     thread   NUMBER TID NAME FUNCTION START END alive|ended CREATOR LOST
 *     sum      THREAD STATE NS                        as the writer has added it up
 *     state    THREAD START END STATE CPU OBJECT STACK WAKER WAKER_STACK CALL preempted|-
 *     event    THREAD START END TYPE ARGUMENT... STACK WAKER WAKER_STACK      three arguments, "-" for none
 *     cpu      CPU START END THREAD preempted|left
 *     heap     TIME BYTES */
#include <inttypes.h>
#include <stdio.h>

#include "base/varint.h"
#include "format/recording.h"
#include "format/trace_file.h"

static const struct trace *trace;

static void print_text(const char *text)
{
	putchar('\t');
	if (*text == '\0')
		putchar('-');
	for (; *text != '\0'; text++)
		putchar((unsigned char)*text < ' ' ? '?' : *text);
}

static void print_stack(uint32_t stack)
{
	size_t count;
	const uint32_t *frames = trace_stack(trace, stack, &count);

	fputs(count == 0 ? "\t-" : "\t", stdout);
	for (size_t i = 0; i < count; i++) {
		const struct trace_frame *frame = trace_frame(trace, frames[i]);

		printf("%s%s", i > 0 ? ";" : "",
		       frame != NULL ? trace_string(trace, frame->function) : "?");
	}
}

static void print_number(uint32_t number)
{
	if (number == UINT32_MAX)
		fputs("\t-", stdout);
	else
		printf("\t%" PRIu32, number);
}

static void print_object(uint32_t number)
{
	const struct trace_object *object = trace_object(trace, number);

	if (object == NULL)
		fputs("\t-", stdout);
	else
		printf("\t%s:%" PRIx64, trace_wait_text(object->kind), object->address);
}

static void print_argument(enum trace_argument kind, uint64_t value)
{
	switch (kind) {
	case TRACE_ARGUMENT_NONE:
		fputs("\t-", stdout);
		break;
	case TRACE_ARGUMENT_SIGNED:
		printf("\t%" PRId64, varint_unzigzag(value));
		break;
	case TRACE_ARGUMENT_OBJECT:
		print_object((uint32_t)value);
		break;
	case TRACE_ARGUMENT_STRING:
		print_text(trace_string(trace, value));
		break;
	case TRACE_ARGUMENT_WAIT:
		print_text(trace_wait_text(value));
		break;
	case TRACE_ARGUMENT_WAKE:
		print_text(trace_wake_text(value));
		break;
	case TRACE_ARGUMENT_OUTCOME:
		print_text(trace_outcome_text(value));
		break;
	case TRACE_ARGUMENT_CALL:
		print_text(trace_call_text(value));
		break;
	default:
		printf("\t%" PRIu64, value);
	}
}

static void print_states(uint32_t thread)
{
	struct trace_cursor *cursor =
		trace_cursor_new(trace, TRACE_STREAM_STATES, thread, 0, UINT64_MAX);
	struct trace_state_item item;

	while (trace_state_next(cursor, &item)) {
		printf("state\t%" PRIu32 "\t%" PRIu64 "\t%" PRIu64 "\t%s", thread, item.start_ns,
		       item.end_ns, trace_state_text(item.state));
		print_number(item.cpu);
		print_object(item.object);
		print_stack(item.stack);
		print_number(item.waker);
		print_stack(item.waker_stack);
		print_text(item.call != 0 ? trace_call_text(item.call - 1) : "");
		puts(item.is_preempted ? "\tpreempted" : "\t-");
	}
	trace_cursor_free(cursor);
}

static void print_events(uint32_t thread)
{
	struct trace_cursor *cursor =
		trace_cursor_new(trace, TRACE_STREAM_EVENTS, thread, 0, UINT64_MAX);
	struct trace_event event;

	while (trace_event_next(cursor, &event)) {
		const struct trace_event_kind *kind = &trace_event_kinds[event.type];

		printf("event\t%" PRIu32 "\t%" PRIu64 "\t%" PRIu64 "\t%s", thread, event.start_ns,
		       event.end_ns, kind->text);
		for (unsigned i = 0; i < TRACE_ARGUMENT_MAX; i++)
			print_argument(kind->arguments[i], event.arguments[i]);
		print_stack(event.stack);
		print_number(event.waker);
		print_stack(event.waker_stack);
		putchar('\n');
	}
	trace_cursor_free(cursor);
}

static void print_thread(uint32_t number)
{
	const struct trace_thread *thread = trace_thread(trace, number);

	printf("thread\t%" PRIu32 "\t%" PRIu32, number, thread->tid);
	print_text(trace_string(trace, thread->name));
	print_text(trace_string(trace, thread->function));
	printf("\t%" PRIu64 "\t%" PRIu64 "\t%s", thread->start_ns, thread->end_ns,
	       thread->is_alive ? "alive" : "ended");
	print_number(thread->creator);
	printf("\t%" PRIu64 "\n", thread->lost_events);
	for (unsigned i = 0; i < TRACE_STATE_COUNT; i++)
		if (thread->state_ns[i] != 0)
			printf("sum\t%" PRIu32 "\t%s\t%" PRIu64 "\n", number, trace_state_text(i),
			       thread->state_ns[i]);
	print_states(number);
	print_events(number);
}

static void print_cpu(uint32_t cpu)
{
	struct trace_cursor *cursor = trace_cursor_new(trace, TRACE_STREAM_CPU, cpu, 0, UINT64_MAX);
	struct trace_cpu_item item;

	while (trace_cpu_next(cursor, &item))
		printf("cpu\t%" PRIu32 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu32 "\t%s\n", cpu,
		       item.start_ns, item.end_ns, item.thread,
		       item.was_preempted ? "preempted" : "left");
	trace_cursor_free(cursor);
}

static void print_heap(void)
{
	struct trace_cursor *cursor = trace_cursor_new(trace, TRACE_STREAM_HEAP, 0, 0, UINT64_MAX);
	struct trace_heap_item item;

	while (trace_heap_next(cursor, &item))
		printf("heap\t%" PRIu64 "\t%" PRId64 "\n", item.ns, item.bytes);
	trace_cursor_free(cursor);
}

static void print_info(const struct trace_info *info)
{
	printf("info\tprogram\t%s\ninfo\ttest\t%s\ninfo\toutcome\t%s\ninfo\tsource\t%s\n"
	       "info\tnote\t%s\n",
	       info->program, info->test, info->outcome, info->source, info->note);
	printf("info\tspan\t%" PRIu64 "\ninfo\tevents\t%" PRIu64 "\ninfo\tlost_events\t%" PRIu64
	       "\ninfo\tlost_switches\t%" PRIu64 "\ninfo\tcpus\t%" PRIu32 "\ninfo\tstart\t%" PRId64
	       "\ninfo\tcut\t%" PRIu64 "\n",
	       info->span_ns, info->event_count, info->lost_events, info->lost_switches,
	       info->cpu_count, info->start_realtime_ns, info->cut_bytes);
}

int main(int argc, char **argv)
{
	char error[256];
	struct trace *opened;

	if (argc != 2) {
		fputs("usage: trace_items FILE.trace\n", stderr);
		return 2;
	}
	opened = trace_open(argv[1], error, sizeof error);
	if (opened == NULL) {
		fprintf(stderr, "trace_items: %s\n", error);
		return 1;
	}
	trace = opened;
	print_info(trace_info(trace));
	for (uint32_t i = 0; i < trace_thread_count(trace); i++)
		print_thread(i);
	for (uint32_t i = 0; i < trace_info(trace)->cpu_count; i++)
		print_cpu(i);
	print_heap();
	trace_close(opened);
	return fflush(stdout) != 0;
}
