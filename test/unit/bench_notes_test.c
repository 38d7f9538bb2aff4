/* SPDX-License-Identifier: MIT */
/* links: tool */
/* What is said about figures, and when nothing is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tool/bench/bench_notes.h"

static struct bench_notes notes;

static int tear_down(void **state)
{
	(void)state;
	bench_notes_free(&notes);
	return 0;
}

static bool is_said(const char *part)
{
	for (size_t i = 0; i < notes.count; i++)
		if (strstr(notes.lines[i], part) != NULL)
			return true;
	return false;
}

/* Runs of one benchmark each, with a figure each. */
static bool add(double *ns, size_t count, struct bench_result like)
{
	struct bench_result *results = calloc(count, sizeof *results);
	struct bench_set *runs = calloc(count, sizeof *runs);
	bool is_same;

	for (size_t i = 0; i < count; i++) {
		results[i] = like;
		results[i].ns_op = ns[i];
		runs[i] = (struct bench_set){.items = &results[i], .count = 1};
	}
	is_same = bench_notes_add_runs(&notes, runs, count);
	free(runs);
	free(results);
	return is_same;
}

static void test_bench_notes_median_and_spread_of_runs(void **state)
{
	double ns[] = {500, 100, 300, 200, 400}, two[] = {1234.4, 1000};

	(void)state;
	assert_true(add(ns, 5, (struct bench_result){.name = "BenchmarkX"}));
	assert_int_equal(notes.count, 1);
	assert_string_equal(notes.lines[0],
			    "BenchmarkX: median 300.0 ns/op, half within 200.0 to 400.0, all "
			    "100.0 to 500.0 (5 runs)");
	assert_true(add(two, 2, (struct bench_result){.name = "BenchmarkY"}));
	assert_string_equal(notes.lines[1], "BenchmarkY: median 1117 ns/op, 1000 to 1234 (2 runs)");
}

static void test_bench_notes_spread_of_one_run_is_its_stretches(void **state)
{
	double ns[] = {100}, batches[] = {90, 110, 100};

	(void)state;
	assert_true(add(
		ns, 1,
		(struct bench_result){.name = "BenchmarkX", .batches = batches, .batch_count = 3}));
	assert_int_equal(notes.count, 1);
	assert_true(is_said("median 100.0 ns/op, 90.00 to 110.0 (3 stretches of the run)"));
}

static void test_bench_notes_what_may_be_no_operation(void **state)
{
	double none[] = {0}, empty[] = {bench_machine_empty_loop_ns()}, some[] = {50};
	double disturbed[] = {50, empty[0]}, half_a_cycle[] = {0.06};

	(void)state;
	assert_true(empty[0] > 0);
	assert_true(empty[0] < 1000);
	add(some, 1, (struct bench_result){.name = "BenchmarkSome"});
	assert_int_equal(notes.count, 0);
	add(none, 1, (struct bench_result){.name = "BenchmarkNone"});
	assert_true(is_said("BenchmarkNone: 0 ns/op"));
	add(empty, 1, (struct bench_result){.name = "BenchmarkEmpty"});
	assert_true(is_said("BenchmarkEmpty: no slower than an empty loop"));
	/* Interrupted in one of two stretches; a clock that ran for 40 ns of 570 iterations. */
	add(some, 1,
	    (struct bench_result){
		    .name = "BenchmarkDisturbed", .batches = disturbed, .batch_count = 2});
	assert_true(is_said("BenchmarkDisturbed: no slower than an empty loop"));
	add(half_a_cycle, 1, (struct bench_result){.name = "BenchmarkStopped"});
	assert_true(is_said("BenchmarkStopped: 0 ns/op"));
	add(half_a_cycle, 1, (struct bench_result){.name = "BenchmarkFour", .threads = 4});
	assert_false(is_said("BenchmarkFour: 0 ns/op"));
	/* Four threads that share the iterations take a quarter of the time for each. */
	empty[0] *= 0.9;
	add(empty, 1, (struct bench_result){.name = "BenchmarkShared", .threads = 4});
	assert_false(is_said("BenchmarkShared"));
	/* The program's own figure is its own. */
	add(none, 1, (struct bench_result){.name = "BenchmarkOwn", .owns_ns = true});
	assert_false(is_said("BenchmarkOwn"));
}

static void test_bench_notes_short_bodies_timed_one_by_one(void **state)
{
	double ns[] = {300}, long_ns[] = {3000};
	struct bench_result body = {
		.name = "BenchmarkShort", .is_body = true, .is_each_timed = true};

	(void)state;
	add(ns, 1, body);
	assert_true(is_said("BenchmarkShort: a body this short"));
	body.name = "BenchmarkLong";
	add(long_ns, 1, body);
	body.name = "BenchmarkTogether";
	body.is_each_timed = false;
	add(ns, 1, body);
	assert_int_equal(notes.count, 1);
}

static void test_bench_notes_too_few_iterations(void **state)
{
	double ns[] = {50};
	struct bench_result few = {.name = "BenchmarkFew", .iterations = 10, .wall_ns = 500};
	struct bench_result enough = {
		.name = "BenchmarkMany", .iterations = 1000, .wall_ns = 50000};

	(void)state;
	add(ns, 1, enough);
	assert_int_equal(notes.count, 0);
	add(ns, 1, few);
	assert_true(is_said("BenchmarkFew: 10 iterations took 0.5 us together"));
}

static void test_bench_notes_runs_that_differ(void **state)
{
	struct bench_metric frames = {"frames/s", 1};
	struct bench_result first[] = {{.name = "BenchmarkA", .ns_op = 50},
				       {.name = "BenchmarkB", .ns_op = 50}};
	struct bench_result second[] = {
		{.name = "BenchmarkA", .ns_op = 50, .metrics = &frames, .metric_count = 1}};
	struct bench_set runs[] = {{.items = first, .count = 2}, {.items = second, .count = 1}};

	(void)state;
	assert_false(bench_notes_add_runs(&notes, runs, 2));
	assert_true(is_said("BenchmarkB: in 1 of 2 runs only"));
	assert_true(is_said("BenchmarkA: frames/s is in 1 of its 2 runs only"));
	/* A result with a problem is none. */
	second[0].problem = "left";
	bench_notes_free(&notes);
	assert_false(bench_notes_add_runs(&notes, runs, 2));
	assert_true(is_said("BenchmarkA: in 1 of 2 runs only"));
}

static void test_bench_notes_passes_that_differ(void **state)
{
	struct bench_result counted[] = {{.name = "BenchmarkA"}, {.name = "BenchmarkB"}};
	struct bench_result timed[] = {{.name = "BenchmarkC"}, {.name = "BenchmarkA"}};
	struct bench_set mem = {.items = counted, .count = 2};
	struct bench_set runs[] = {{.items = timed, .count = 2}, {.items = timed, .count = 2}};

	(void)state;
	assert_false(bench_notes_add_mem(&notes, &mem, runs, 2));
	assert_int_equal(notes.count, 2);
	assert_true(is_said("BenchmarkB: in the pass for allocations only"));
	assert_true(is_said("BenchmarkC: not in the pass for allocations"));
	bench_notes_free(&notes);
	assert_true(bench_notes_add_mem(&notes, &mem, &mem, 1));
	assert_int_equal(notes.count, 0);
}

static void test_bench_notes_load(void **state)
{
	struct bench_machine machine;

	(void)state;
	bench_machine_read(&machine);
	assert_true(bench_machine_stolen(&machine) >= 0);
	assert_true(bench_machine_stolen(&machine) <= 1);
	machine.load = 0.9;
	bench_notes_add_machine(&notes, &machine, 2);
	assert_false(is_said("load average"));
	machine.load = 1.3;
	bench_notes_add_machine(&notes, &machine, 2);
	assert_true(is_said("load average was 1.3 on 2 processors"));
}

static void test_bench_notes_each_once(void **state)
{
	(void)state;
	bench_notes_add(&notes, "%s", "the same");
	bench_notes_add(&notes, "%s", "another");
	bench_notes_add(&notes, "%s", "the same");
	assert_int_equal(notes.count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_bench_notes_median_and_spread_of_runs, tear_down),
		cmocka_unit_test_teardown(test_bench_notes_spread_of_one_run_is_its_stretches,
					  tear_down),
		cmocka_unit_test_teardown(test_bench_notes_what_may_be_no_operation, tear_down),
		cmocka_unit_test_teardown(test_bench_notes_short_bodies_timed_one_by_one,
					  tear_down),
		cmocka_unit_test_teardown(test_bench_notes_too_few_iterations, tear_down),
		cmocka_unit_test_teardown(test_bench_notes_runs_that_differ, tear_down),
		cmocka_unit_test_teardown(test_bench_notes_passes_that_differ, tear_down),
		cmocka_unit_test_teardown(test_bench_notes_load, tear_down),
		cmocka_unit_test_teardown(test_bench_notes_each_once, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
