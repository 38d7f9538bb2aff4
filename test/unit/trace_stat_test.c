/* SPDX-License-Identifier: MIT */
/* links: tool */
/* Thread analysis of traces whose figures are arithmetic. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "tool/analysis/trace_lost.h"
#include "tool/analysis/trace_stat.h"
#include "tool/analysis/trace_stat_print.h"
#include "trace_example.h"

static void test_trace_stat_groups_by_execution(void **unused)
{
	struct trace *trace = example_convoy();
	struct trace_stat *stat = trace_stat_new(trace, 0, 20 * MS);

	(void)unused;
	/* The workers ran 2 + 5 and 3 + 5 ms, a 10, main never. */
	assert_int_equal(stat->group_count, 3);
	assert_int_equal(stat->groups[0].count, 2);
	assert_string_equal(trace_string(trace, stat->groups[0].function), "worker");
	assert_int_equal(stat->groups[0].times.ns[TRACE_STATE_RUNNING], 15 * MS);
	assert_int_equal(stat->groups[0].times.ns[TRACE_STATE_MUTEX], 20 * MS);
	assert_int_equal(stat->groups[0].times.total_ns, 35 * MS);
	assert_int_equal(stat->groups[1].times.ns[TRACE_STATE_RUNNING], 10 * MS);
	assert_int_equal(stat->groups[2].times.ns[TRACE_STATE_JOIN], 20 * MS);
	/* Within a group too. */
	assert_int_equal(stat->threads[0].thread, 3);
	assert_int_equal(stat->threads[0].times.ns[TRACE_STATE_RUNNING], 8 * MS);
	assert_int_equal(stat->threads[1].thread, 2);
	assert_int_equal(stat->times.total_ns, 65 * MS);
	trace_stat_free(stat);
	trace_close(trace);
}

static void test_trace_stat_of_a_range_counts_what_lies_in_it(void **unused)
{
	struct trace *trace = example_convoy();
	struct trace_stat *stat = trace_stat_new(trace, 4 * MS, 12 * MS);

	(void)unused;
	assert_int_equal(stat->thread_count, 4);
	assert_int_equal(stat->times.total_ns, (8 + 6 + 8 + 8) * MS);
	assert_int_equal(stat->times.ns[TRACE_STATE_RUNNING], (6 + 2) * MS);
	assert_int_equal(stat->times.ns[TRACE_STATE_MUTEX], (6 + 8) * MS);
	trace_stat_free(stat);
	/* a has ended by then. */
	stat = trace_stat_new(trace, 10 * MS, 12 * MS);
	assert_int_equal(stat->thread_count, 3);
	trace_stat_free(stat);
	trace_close(trace);
}

static void test_trace_stat_columns_add_up(void **unused)
{
	struct trace *trace = example_convoy();
	struct trace_stat *stat = trace_stat_new(trace, 1 * MS, 19 * MS);

	(void)unused;
	for (size_t i = 0; i < stat->thread_count; i++) {
		uint64_t sum = 0;

		for (int j = 0; j < TRACE_STATE_COUNT; j++)
			sum += stat->threads[i].times.ns[j];
		assert_int_equal(sum, stat->threads[i].times.total_ns);
	}
	trace_stat_free(stat);
	trace_close(trace);
}

static char *printed(void (*print)(FILE *, const struct trace *, const struct trace_stat *),
		     const struct trace *trace, const struct trace_stat *stat)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	print(stream, trace, stat);
	fclose(stream);
	return text;
}

static void print_text(FILE *stream, const struct trace *trace, const struct trace_stat *stat)
{
	trace_stat_print(stream, trace, stat, "test_x");
}

static void test_trace_stat_text(void **unused)
{
	struct trace *trace = example_convoy();
	struct trace_stat *stat = trace_stat_new(trace, 0, 20 * MS);
	char *text = printed(print_text, trace, stat);

	(void)unused;
	assert_string_equal(text, "test_x: passed, 20ms, 2 CPUs, 4 threads, 0 events, 7 of them "
				  "page faults; who ran: perf_event\n"
				  "\n"
				  "started with  threads  total  execution  mutex  join\n"
				  "worker              2   35ms       15ms   20ms\n"
				  "a                   1   10ms       10ms\n"
				  "main                1   20ms                    20ms\n"
				  "all                 4   65ms       25ms   20ms  20ms\n"
				  "\n"
				  "started with  thread        total  execution  mutex  join\n"
				  "worker        worker (103)   20ms        8ms   12ms\n"
				  "worker        worker (102)   15ms        7ms    8ms\n"
				  "a             a (101)        10ms       10ms\n"
				  "main          main (100)     20ms                    20ms\n");
	free(text);
	trace_stat_free(stat);
	trace_close(trace);
}

static void test_trace_stat_csv(void **unused)
{
	struct example e;
	struct trace *trace;
	struct trace_stat *stat;
	char *text;

	(void)unused;
	example_begin(&e, 1);
	example_thread(&e, "a,\"b\"", TRACE_NO_THREAD, 0, 1);
	example_state(&e, 0, 0, 1, TRACE_STATE_SLEEP);
	trace = example_end(&e);
	stat = trace_stat_new(trace, 0, MS);
	text = printed(trace_stat_print_csv, trace, stat);
	assert_string_equal(text,
			    "started_with,name,tid,start_ns,end_ns,events,lost_events,total_ns,"
			    "running_ns,syscall_ns,runnable_ns,mutex_ns,rwlock_ns,cond_ns,"
			    "semaphore_ns,barrier_ns,join_ns,once_ns,spinlock_ns,sleep_ns,"
			    "network_ns,file_ns,process_ns,blocked_ns,unknown_ns\r\n"
			    "\"a,\"\"b\"\"\",\"a,\"\"b\"\"\",100,0,1000000,0,0,1000000,"
			    "0,0,0,0,0,0,0,0,0,0,0,1000000,0,0,0,0,0\r\n");
	free(text);
	trace_stat_free(stat);
	trace_close(trace);
}

static void test_trace_stat_json(void **unused)
{
	struct trace *trace = example_convoy();
	struct trace_stat *stat = trace_stat_new(trace, 0, 20 * MS);
	char *text = printed(trace_stat_print_json, trace, stat);
	json_t *root = json_loads(text, 0, NULL), *group, *thread;

	(void)unused;
	assert_non_null(root);
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(root, "lost"), "text")),
		"nothing was lost");
	group = json_array_get(json_object_get(root, "groups"), 0);
	assert_string_equal(json_string_value(json_object_get(group, "started_with")), "worker");
	thread = json_array_get(json_object_get(group, "threads"), 0);
	assert_int_equal(json_integer_value(json_object_get(thread, "total_ns")), 20 * MS);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(thread, "ns"), "mutex")),
		12 * MS);
	json_decref(root);
	free(text);
	trace_stat_free(stat);
	trace_close(trace);
}

static void test_trace_stat_says_what_was_lost(void **unused)
{
	struct example e;
	struct trace *trace;
	char *text;

	(void)unused;
	example_begin(&e, 1);
	example_thread(&e, "a", TRACE_NO_THREAD, 0, 1);
	example_thread(&e, "b", TRACE_NO_THREAD, 0, 1);
	e.info.lost_switches = 2;
	example_lost(&e, 0, 100, 300, 3);
	example_lost(&e, 1, 250, 900, 40);
	trace = example_end(&e);
	assert_true(trace_lost_is_any(trace));
	text = trace_lost_text(trace);
	assert_string_equal(text,
			    "lost: 43 events of 2 threads (most of them of b (101): 40) between "
			    "0.000000100s and 0.000000900s, 2 switches");
	free(text);
	trace_close(trace);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trace_stat_groups_by_execution),
		cmocka_unit_test(test_trace_stat_of_a_range_counts_what_lies_in_it),
		cmocka_unit_test(test_trace_stat_columns_add_up),
		cmocka_unit_test(test_trace_stat_text),
		cmocka_unit_test(test_trace_stat_csv),
		cmocka_unit_test(test_trace_stat_json),
		cmocka_unit_test(test_trace_stat_says_what_was_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
