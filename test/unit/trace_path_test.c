/* SPDX-License-Identifier: MIT */
/* links: tool */
/* Critical paths that are known by construction, and what code is between two events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "tool/analysis/trace_path.h"
#include "tool/analysis/trace_path_print.h"
#include "trace_example.h"

/* The path as "thread:from-to state", a word a step. */
static void check_steps(const struct trace_path *path, const char *expected)
{
	char text[2048] = "";
	size_t len = 0;

	for (size_t i = 0; i < path->step_count; i++) {
		const struct trace_path_step *step = &path->steps[i];

		len += (size_t)snprintf(text + len, sizeof text - len, "%s%u:%u-%u%s%s",
					i > 0 ? " " : "", step->thread,
					(unsigned)(step->start_ns / MS),
					(unsigned)(step->end_ns / MS),
					&"\0=woken\0=created"[(const int[]){0, 1, 8}[step->link]],
					step -> state == TRACE_STATE_RUNNING ? "" : "!");
	}
	assert_string_equal(text, expected);
}

/* Does it add up to the whole, without gaps? */
static void check_sum(const struct trace_path *path)
{
	uint64_t sum = 0, at = path->from_ns;

	for (int i = 0; i < TRACE_STATE_COUNT; i++)
		sum += path->ns[i];
	assert_int_equal(sum, path->to_ns - path->from_ns);
	for (size_t i = 0; i < path->step_count; i++) {
		assert_int_equal(path->steps[i].start_ns, at);
		at = path->steps[i].end_ns;
	}
	assert_int_equal(at, path->to_ns);
}

/* Flat and cumulative milliseconds of a function on it. */
static void check_function(const struct trace *trace, const struct trace_path *path,
			   const char *name, uint64_t flat_ms, uint64_t cum_ms)
{
	for (size_t i = 0; i < path->function_count; i++) {
		const struct trace_path_function *function = &path->functions[i];

		if (strcmp(trace_string(trace, function->function), name) != 0)
			continue;
		assert_int_equal(function->flat_ns, flat_ms * MS);
		assert_int_equal(function->cum_ns, cum_ms * MS);
		return;
	}
	fail_msg("%s is not on the path", name);
}

static void test_trace_path_follows_the_holders_of_a_convoy(void **unused)
{
	struct trace *trace = example_convoy();
	struct trace_path *path = trace_path_new(trace, TRACE_NO_THREAD, 0, 20 * MS);

	(void)unused;
	/* c, woken by b, woken by a. Main is woken at its very end. */
	check_steps(path, "1:0-10 2:10-15=woken 3:15-20=woken");
	check_sum(path);
	assert_int_equal(path->ns[TRACE_STATE_RUNNING], 20 * MS);
	assert_int_equal(path->steps[1].waited_ns, 8 * MS);
	assert_int_equal(path->steps[2].waited_ns, 12 * MS);
	assert_int_equal(path->thread_count, 3);
	assert_int_equal(path->threads[0], 1);
	/* a: from its start to its unlock. b: from its lock to its unlock, which share worker. c has no event after its
	 * lock. */
	check_function(trace, path, "a", 10, 10);
	check_function(trace, path, "worker", 10, 10);
	trace_path_free(path);
	trace_close(trace);
}

/* Main starts a (5 ms) and b (20 ms), waits for a and then for b, and works 3 ms more. */
static void test_trace_path_of_fork_and_join_is_the_longer_branch(void **unused)
{
	struct example e;
	struct trace *trace;
	struct trace_path *path;
	uint32_t t_main, a, b, of_a, of_b, in_join;

	(void)unused;
	example_begin(&e, 30);
	t_main = example_thread(&e, "main", TRACE_NO_THREAD, 0, 25);
	a = example_thread(&e, "a", t_main, 1, 6);
	b = example_thread(&e, "b", t_main, 2, 22);
	of_a = example_object(&e, REC_WAIT_JOIN, 0xa0);
	of_b = example_object(&e, REC_WAIT_JOIN, 0xb0);
	in_join = example_stack(&e, "join:1 main:7");
	example_event(&e, t_main, 0, TRACE_WINDOW, 0, 1, 0, 0);
	example_state(&e, t_main, 0, 3, TRACE_STATE_RUNNING);
	example_wait(&e, t_main, 3, 6, of_a, in_join, (struct example_waker){a, 0});
	example_state(&e, t_main, 6, 7, TRACE_STATE_RUNNING);
	example_wait(&e, t_main, 7, 22, of_b, in_join, (struct example_waker){b, 0});
	example_state(&e, t_main, 22, 25, TRACE_STATE_RUNNING);
	example_event(&e, t_main, 25, TRACE_WINDOW, 0, 0, 0, 0);
	example_state(&e, a, 1, 6, TRACE_STATE_RUNNING);
	example_state(&e, b, 2, 22, TRACE_STATE_RUNNING);
	trace = example_end(&e);
	path = trace_path_new(trace, TRACE_NO_THREAD, 0, 30 * MS);
	assert_int_equal(path->to_ns, 25 * MS);
	check_steps(path, "0:0-2 2:2-22=created 0:22-25=woken");
	check_sum(path);
	check_function(trace, path, "b", 20, 20);
	check_function(trace, path, "main", 5, 5);
	/* What a did is nowhere on it. */
	for (size_t i = 0; i < path->thread_count; i++)
		assert_int_not_equal(path->threads[i], a);
	trace_path_free(path);
	trace_close(trace);
}

/* Two threads hand over 1,000 times, so that they cross the windows that are read backwards. */
static void test_trace_path_of_ping_pong_is_all_of_it(void **unused)
{
	enum { TURNS = 3000 };
	struct example e;
	struct trace *trace;
	struct trace_path *path;
	uint32_t t[2], sem[2], in_wait, in_post;

	(void)unused;
	example_begin(&e, TURNS);
	t[0] = example_thread(&e, "main", TRACE_NO_THREAD, 0, TURNS);
	t[1] = example_thread(&e, "pong", t[0], 0, TURNS);
	sem[0] = example_object(&e, REC_WAIT_SEM, 0x10);
	sem[1] = example_object(&e, REC_WAIT_SEM, 0x20);
	in_wait = example_stack(&e, "sem_wait:1 take:2 main:3");
	in_post = example_stack(&e, "sem_post:4 give:5 main:3");
	for (uint64_t i = 0; i < TURNS; i++) {
		uint32_t runs = (uint32_t)(i % 2), waits = 1 - runs;

		example_state(&e, t[runs], i, i + 1, TRACE_STATE_RUNNING);
		example_wait(&e, t[waits], i, i + 1, sem[waits], in_wait,
			     (struct example_waker){t[runs], in_post});
	}
	trace = example_end(&e);
	path = trace_path_new(trace, TRACE_NO_THREAD, 0, TURNS * MS);
	check_sum(path);
	assert_int_equal(path->step_count, TURNS);
	assert_int_equal(path->ns[TRACE_STATE_RUNNING], TURNS * MS);
	assert_int_equal(path->thread_ns[0], TURNS / 2 * MS);
	assert_int_equal(path->thread_ns[1], TURNS / 2 * MS);
	/* Each turn but the first is a hand-over, at one of the two places. */
	assert_int_equal(path->wait_count, 2);
	assert_int_equal(path->waits[0].count + path->waits[1].count, TURNS - 1);
	assert_int_equal(path->waits[0].waited_ns + path->waits[1].waited_ns, (TURNS - 1) * MS);
	trace_path_free(path);
	trace_close(trace);
}

/* Nobody ends a sleep, or what the trace does not know of; being preempted is on the path too. */
static void test_trace_path_keeps_what_nobody_ended(void **unused)
{
	struct example e;
	struct trace *trace;
	struct trace_path *path;

	(void)unused;
	example_begin(&e, 10);
	example_thread(&e, "main", TRACE_NO_THREAD, 0, 10);
	example_state(&e, 0, 0, 2, TRACE_STATE_RUNNING);
	example_state(&e, 0, 2, 6, TRACE_STATE_SLEEP);
	example_state(&e, 0, 6, 7, TRACE_STATE_RUNNABLE);
	example_state(&e, 0, 7, 9, TRACE_STATE_RUNNING);
	example_state(&e, 0, 9, 10, TRACE_STATE_BLOCKED);
	trace = example_end(&e);
	path = trace_path_new(trace, TRACE_NO_THREAD, 0, 10 * MS);
	check_steps(path, "0:0-2 0:2-6! 0:6-7! 0:7-9 0:9-10!");
	check_sum(path);
	assert_int_equal(path->ns[TRACE_STATE_SLEEP], 4 * MS);
	assert_int_equal(path->wait_count, 3);
	assert_int_equal(path->waits[0].path_ns, 4 * MS);
	check_function(trace, path, "main", 4, 4);
	trace_path_free(path);
	trace_close(trace);
}

/* Clocks of two CPUs differ: each of two threads seems to have woken the other at one moment, and the waker of a third was
 * blocked when it woke it. The walk ends all the same, and has everything. */
static void test_trace_path_ends_where_wakes_contradict(void **unused)
{
	struct example e;
	struct trace *trace;
	struct trace_path *path;
	uint32_t sem;

	(void)unused;
	example_begin(&e, 10);
	example_thread(&e, "main", TRACE_NO_THREAD, 0, 10);
	example_thread(&e, "b", 0, 0, 10);
	sem = example_object(&e, REC_WAIT_SEM, 0x10);
	example_wait(&e, 0, 0, 4, sem, 0, (struct example_waker){1, 0});
	example_wait(&e, 0, 4, 8, sem, 0, (struct example_waker){1, 0});
	example_state(&e, 0, 8, 10, TRACE_STATE_RUNNING);
	example_wait(&e, 1, 0, 4, sem, 0, (struct example_waker){0, 0});
	example_state(&e, 1, 4, 7, TRACE_STATE_RUNNING);
	example_wait(&e, 1, 7, 10, sem, 0, NOBODY);
	trace = example_end(&e);
	path = trace_path_new(trace, 0, 0, 10 * MS);
	check_sum(path);
	/* What was between b's last breath and main's wake was under way. */
	check_steps(path, "1:0-4! 1:4-7=woken 0:7-8! 0:8-10=woken");
	trace_path_free(path);
	trace_close(trace);
}

/* A thread is joined: the one that waits is woken when the kernel has done with the other, which is after its last moment. */
static void test_trace_path_goes_on_with_one_that_has_ended(void **unused)
{
	struct example e;
	struct trace *trace;
	struct trace_path *path;
	uint32_t join;

	(void)unused;
	example_begin(&e, 10);
	example_thread(&e, "main", TRACE_NO_THREAD, 0, 10);
	example_thread(&e, "a", 0, 1, 7);
	join = example_object(&e, REC_WAIT_JOIN, 0x10);
	example_state(&e, 0, 0, 2, TRACE_STATE_RUNNING);
	example_wait(&e, 0, 2, 8, join, 0, (struct example_waker){1, 0});
	example_state(&e, 0, 8, 10, TRACE_STATE_RUNNING);
	example_state(&e, 1, 1, 7, TRACE_STATE_RUNNING);
	trace = example_end(&e);
	path = trace_path_new(trace, TRACE_NO_THREAD, 0, 10 * MS);
	check_steps(path, "0:0-1 1:1-7=created 0:7-8! 0:8-10=woken");
	check_sum(path);
	assert_int_equal(path->ns[TRACE_STATE_JOIN], 1 * MS);
	trace_path_free(path);
	trace_close(trace);
}

/* From one event to the next time counts for what both stacks have in common. */
static void test_trace_path_charges_functions_between_events(void **unused)
{
	struct example e;
	struct trace *trace;
	struct trace_path *path;

	(void)unused;
	example_begin(&e, 20);
	example_thread(&e, "main", TRACE_NO_THREAD, 0, 20);
	example_state(&e, 0, 0, 20, TRACE_STATE_RUNNING);
	/* Within one call of parse; then from parse to its caller, at another line, with what is inlined at both places kept; then in
	 * another call of parse; then nothing but main. */
	example_event(&e, 0, 1, TRACE_WAKE, example_stack(&e, "post:1 parse:2 +all:8 main:3"), 0, 0,
		      0);
	example_event(&e, 0, 5, TRACE_WAKE, example_stack(&e, "post:1 parse:4 +all:8 main:3"), 0, 0,
		      0);
	example_event(&e, 0, 8, TRACE_WAKE, example_stack(&e, "post:1 +all:9 main:4"), 0, 0, 0);
	example_event(&e, 0, 14, TRACE_WAKE, example_stack(&e, "post:1 parse:2 main:5"), 0, 0, 0);
	/* The same call again, as a loop makes it: it was over in between. */
	example_event(&e, 0, 16, TRACE_WAKE, example_stack(&e, "post:1 parse:2 main:5"), 0, 0, 0);
	trace = example_end(&e);
	path = trace_path_new(trace, TRACE_NO_THREAD, 0, 20 * MS);
	check_sum(path);
	check_function(trace, path, "parse", 4 + 2, 4 + 2);
	check_function(trace, path, "all", 3, 4 + 3);
	check_function(trace, path, "main", 1 + 6 + 4, 20);
	trace_path_free(path);
	trace_close(trace);
}

static void test_trace_path_text_and_json(void **unused)
{
	struct trace *trace = example_convoy();
	struct trace_path *path = trace_path_new(trace, TRACE_NO_THREAD, 0, 20 * MS);
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	json_t *root;

	(void)unused;
	trace_path_print(stream, trace, path, 2);
	fclose(stream);
	assert_string_equal(
		text, "critical path to 0.020000s in main (100): 20ms, 3 steps on 3 threads\n"
		      "\n"
		      "on the path    share  state\n"
		      "       20ms  100.00%  running\n"
		      "\n"
		      "on the path   share  thread        started with\n"
		      "       10ms  50.00%  a (101)       a\n"
		      "        5ms  25.00%  worker (102)  worker\n"
		      "... 1 more\n"
		      "\n"
		      "flat   flat%   cum    cum%  function\n"
		      "10ms  50.00%  10ms  50.00%  a (x.c)\n"
		      "10ms  50.00%  10ms  50.00%  worker (x.c)\n"
		      "\n"
		      "on the path  share  waited beside it  times  for\n"
		      "          0  0.00%              12ms      1  mutex 0xabc0\n"
		      "      where     lock (x.c:1) < get (x.c:20) < worker (x.c:5)\n"
		      "      ended at  unlock (x.c:2) < put (x.c:30) < worker (x.c:6)\n"
		      "          0  0.00%               8ms      1  mutex 0xabc0\n"
		      "      where     lock (x.c:1) < get (x.c:20) < worker (x.c:5)\n"
		      "      ended at  unlock (x.c:2) < a (x.c:7)\n"
		      "\n"
		      "       at   for  thread        state    how it came there\n"
		      "0.000000s  10ms  a (101)       running\n"
		      "0.010000s   5ms  worker (102)  running  woken from mutex 0xabc0 after 8ms\n"
		      "... 1 more\n");
	free(text);
	text = NULL;
	stream = open_memstream(&text, &size);
	trace_path_print_json(stream, trace, path, SIZE_MAX);
	fclose(stream);
	root = json_loads(text, 0, NULL);
	assert_non_null(root);
	assert_int_equal(json_array_size(json_object_get(root, "steps")), 3);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(root, "ns"), "running")),
		20 * MS);
	json_decref(root);
	free(text);
	trace_path_free(path);
	trace_close(trace);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trace_path_follows_the_holders_of_a_convoy),
		cmocka_unit_test(test_trace_path_of_fork_and_join_is_the_longer_branch),
		cmocka_unit_test(test_trace_path_of_ping_pong_is_all_of_it),
		cmocka_unit_test(test_trace_path_keeps_what_nobody_ended),
		cmocka_unit_test(test_trace_path_ends_where_wakes_contradict),
		cmocka_unit_test(test_trace_path_goes_on_with_one_that_has_ended),
		cmocka_unit_test(test_trace_path_charges_functions_between_events),
		cmocka_unit_test(test_trace_path_text_and_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
