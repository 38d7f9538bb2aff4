/* SPDX-License-Identifier: MIT */
/* links: tool */
/* Items of a trace as lines, to the letter, and the streams of all threads as one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/analysis/trace_line.h"
#include "trace_example.h"

enum { BOTH = 1 << TRACE_STREAM_STATES | 1 << TRACE_STREAM_EVENTS };

static char *dump(const struct trace *trace, unsigned streams, uint64_t from_ns, uint64_t to_ns)
{
	struct trace_merge *merge = trace_merge_new(trace, streams, from_ns, to_ns);
	struct trace_lines *lines = trace_lines_new(trace);
	struct trace_merged item;
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	while (trace_merge_next(merge, &item))
		trace_line_put(stream, lines, &item);
	fclose(stream);
	trace_lines_free(lines);
	trace_merge_free(merge);
	return text;
}

static void test_trace_line_has_every_argument_of_every_event(void **unused)
{
	(void)unused;
	for (int type = 0; type < TRACE_EVENT_COUNT; type++) {
		for (unsigned i = 0; i < TRACE_ARGUMENT_MAX; i++) {
			const char *name = trace_argument_name((enum trace_event_type)type, i);

			if (i < trace_event_kinds[type].argument_count)
				assert_non_null(name);
			else
				assert_null(name);
		}
	}
}

static void test_trace_line_of_each_event(void **unused)
{
	struct example e;
	struct trace *trace;
	uint32_t stack, name, text;
	char *dumped;

	(void)unused;
	example_begin(&e, 30);
	example_thread(&e, "main", TRACE_NO_THREAD, 0, 30);
	example_thread(&e, "a b", 0, 0, 30);
	example_object(&e, REC_WAIT_MUTEX, 0xabc0);
	stack = example_stack(&e, "lock:1 main:9");
	name = trace_writer_string(e.writer, "parse \"x\"");
	text = trace_writer_string(e.writer, "line\nnext");
#define EVENT(type, stack, a, b, c) \
	example_event(&e, 0, (uint64_t)TRACE_##type, TRACE_##type, stack, a, b, c)
	EVENT(THREAD_CREATE, stack, 2, 0x1234, 0);
	EVENT(THREAD_START, 0, 1, 0, 0);
	EVENT(THREAD_NAME, 0, name, 0, 0);
	EVENT(THREAD_END, 0, 0, 0, 0);
	EVENT(FORK, 0, 77, 0, 0);
	EVENT(EXEC, 0, name, 0, 0);
	trace_writer_event(
		e.writer, 0,
		&(struct trace_event){.start_ns = 6 * MS,
				      .end_ns = 7 * MS,
				      .type = TRACE_WAIT,
				      .stack = stack,
				      .waker = 1,
				      .waker_stack = stack,
				      .arguments = {REC_WAIT_MUTEX, 0, TRACE_OUTCOME_TIMED_OUT}});
	EVENT(WAKE, stack, TRACE_WAKE_UNLOCK, 0, 0);
	EVENT(SYSCALL, 0, TRACE_CALL_READ, 4, varint_zigzag(-11));
	EVENT(HEAP, 0, varint_zigzag(-64), 0, 0);
	EVENT(MAP, 0, 0x7000, 4096, 0);
	EVENT(UNMAP, 0, 0x7000, 4096, 0);
	EVENT(BRK, 0, varint_zigzag(4096), 0, 0);
	EVENT(MADVISE, 0, 0x7000, 4096, 4);
	EVENT(PAGE_HEAP, 0, varint_zigzag(-1), 0, 0);
	EVENT(FAULT, 0, 0xdead, 0, 0);
	EVENT(REGION_BEGIN, 0, name, 1, 0);
	EVENT(REGION_END, 0, name, 0, 0);
	EVENT(REGION, 0, name, 1, 2);
	EVENT(TASK_BEGIN, 0, 5, name, 4);
	EVENT(TASK_END, 0, 5, 0, 0);
	EVENT(LOG, 0, name, text, 5);
	EVENT(WINDOW, 0, 1, 0, 0);
	EVENT(LOST, 0, 3, 0, 0);
#undef EVENT
	trace = example_end(&e);
	dumped = dump(trace, BOTH, 0, UINT64_MAX);
	assert_string_equal(
		dumped,
		"0.001000000 100/main thread-create thread=101/a\\x20b function=0x1234"
		" stack=\"lock x.c:1; main x.c:9\"\n"
		"0.002000000 100/main thread-start creator=100/main\n"
		"0.003000000 100/main thread-name name=\"parse \\x22x\\x22\"\n"
		"0.004000000 100/main thread-end\n"
		"0.005000000 100/main fork pid=77\n"
		"0.006000000 100/main exec path=\"parse \\x22x\\x22\"\n"
		"0.007000000 100/main wait lasted=0.001000000 for=mutex object=mutex:0xabc0"
		" outcome=\"timed out\" stack=\"lock x.c:1; main x.c:9\" ended-by=101/a\\x20b"
		" ended-at=\"lock x.c:1; main x.c:9\"\n"
		"0.008000000 100/main wake by=unlock object=mutex:0xabc0"
		" stack=\"lock x.c:1; main x.c:9\"\n"
		"0.009000000 100/main syscall lasted=0.000000000 call=read descriptor=3"
		" result=-11\n"
		"0.010000000 100/main heap bytes=-64\n"
		"0.011000000 100/main map address=0x7000 bytes=4096\n"
		"0.012000000 100/main unmap address=0x7000 bytes=4096\n"
		"0.013000000 100/main brk bytes=4096\n"
		"0.014000000 100/main madvise address=0x7000 bytes=4096 advice=4\n"
		"0.015000000 100/main page-heap bytes=-1\n"
		"0.016000000 100/main fault address=0xdead\n"
		"0.017000000 100/main region-begin name=\"parse \\x22x\\x22\" task=1\n"
		"0.018000000 100/main region-end name=\"parse \\x22x\\x22\"\n"
		"0.019000000 100/main region lasted=0.000000000 name=\"parse \\x22x\\x22\""
		" task=1 depth=2\n"
		"0.020000000 100/main task-begin task=5 name=\"parse \\x22x\\x22\" parent=4\n"
		"0.021000000 100/main task-end task=5\n"
		"0.022000000 100/main log category=\"parse \\x22x\\x22\" message=\"line\\x0anext\""
		" task=5\n"
		"0.023000000 100/main window begins=1\n"
		"0.024000000 100/main lost lasted=0.000000000 events=3\n");
	free(dumped);
	trace_close(trace);
}

static void test_trace_line_of_states(void **unused)
{
	struct example e;
	struct trace *trace;
	struct trace_state_item item = {.start_ns = 1 * MS,
					.end_ns = 2 * MS,
					.state = TRACE_STATE_SYSCALL,
					.cpu = 1,
					.object = TRACE_NO_OBJECT,
					.waker = TRACE_NO_THREAD,
					.call = TRACE_CALL_READ + 1};
	char *dumped;

	(void)unused;
	example_begin(&e, 10);
	example_thread(&e, "main", TRACE_NO_THREAD, 0, 4);
	example_object(&e, REC_WAIT_SEM, 0x10);
	example_state(&e, 0, 0, 1, TRACE_STATE_RUNNING);
	trace_writer_state(e.writer, 0, &item);
	example_wait(&e, 0, 2, 3, 0, example_stack(&e, "wait:1"), (struct example_waker){0, 0});
	item = (struct trace_state_item){.start_ns = 3 * MS,
					 .end_ns = 4 * MS,
					 .state = TRACE_STATE_RUNNABLE,
					 .cpu = TRACE_NO_CPU,
					 .object = TRACE_NO_OBJECT,
					 .waker = TRACE_NO_THREAD,
					 .is_preempted = true};
	trace_writer_state(e.writer, 0, &item);
	trace = example_end(&e);
	dumped = dump(trace, 1 << TRACE_STREAM_STATES, 0, UINT64_MAX);
	assert_string_equal(dumped,
			    "0.000000000 100/main is-running lasts=0.001000000 cpu=0\n"
			    "0.001000000 100/main is-syscall lasts=0.001000000 cpu=1 call=read\n"
			    "0.002000000 100/main is-semaphore lasts=0.001000000"
			    " object=semaphore:0x10 stack=\"wait x.c:1\" ended-by=100/main\n"
			    "0.003000000 100/main is-runnable lasts=0.001000000 preempted=yes\n");
	free(dumped);
	dumped = dump(trace, BOTH, 2 * MS + MS / 2, 3 * MS);
	assert_string_equal(dumped,
			    "0.002000000 100/main is-semaphore lasts=0.001000000"
			    " object=semaphore:0x10 stack=\"wait x.c:1\" ended-by=100/main\n"
			    "0.003000000 100/main wait lasted=0.001000000 for=semaphore"
			    " object=semaphore:0x10 outcome=\"done\" stack=\"wait x.c:1\""
			    " ended-by=100/main\n");
	free(dumped);
	trace_close(trace);
}

/* Sixteen threads, each with events at odd times and lives of its own: all come out once, and in order. */
static void test_trace_merge_is_in_the_order_of_time(void **unused)
{
	enum { EVENTS = 3000 };
	struct example e;
	struct trace *trace;
	struct trace_merge *merge;
	struct trace_merged item;
	uint64_t last = 0, count = 0, of_thread[EXAMPLE_MAX] = {0};

	(void)unused;
	example_begin(&e, EXAMPLE_MAX * EVENTS);
	for (uint32_t i = 0; i < EXAMPLE_MAX; i++) {
		example_thread(&e, "t", TRACE_NO_THREAD, i * 500, EXAMPLE_MAX * EVENTS);
		for (uint64_t j = 0; j < EVENTS; j++)
			example_event(&e, i, i * 500 + j * (i + 1) * 7 % 11 + j * 11, TRACE_FORK, 0,
				      j, 0, 0);
	}
	trace = example_end(&e);
	merge = trace_merge_new(trace, BOTH, 0, UINT64_MAX);
	while (trace_merge_next(merge, &item)) {
		assert_true(item.ns >= last);
		assert_int_equal(item.event.arguments[0], of_thread[item.thread]);
		last = item.ns;
		of_thread[item.thread]++;
		count++;
	}
	assert_int_equal(count, EXAMPLE_MAX * EVENTS);
	assert_int_equal(trace_damaged_chunks(trace), 0);
	trace_merge_free(merge);
	/* Given up in the middle. */
	merge = trace_merge_new(trace, BOTH, 0, UINT64_MAX);
	assert_true(trace_merge_next(merge, &item));
	trace_merge_free(merge);
	trace_close(trace);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trace_line_has_every_argument_of_every_event),
		cmocka_unit_test(test_trace_line_of_each_event),
		cmocka_unit_test(test_trace_line_of_states),
		cmocka_unit_test(test_trace_merge_is_in_the_order_of_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
