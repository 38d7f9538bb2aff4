/* SPDX-License-Identifier: MIT */
/* How many iterations a loop runs, on a clock of the test's own. links: internal/runtime/bench/bench_plan.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/bench/bench_plan.h"

enum { BATCHES = 20, GIVE_UP = 10000 };

static const uint64_t second = 1000000000;

/* What a loop came to whose iterations take `op_ns` each. */
struct outcome {
	struct bench_plan plan;
	uint64_t batches, measured_batches, iterations, largest;
};

static struct outcome play(struct rec_bench_config config, double op_ns, double timed_share)
{
	struct outcome outcome = {0};
	double total_ns = 0;
	uint64_t count;

	if (config.warm_limit_ns == 0)
		config.warm_limit_ns = config.goal_ns;
	count = bench_plan_begin(&outcome.plan, &config, BATCHES);
	while (count != 0 && outcome.batches < GIVE_UP) {
		double batch_ns = (double)count * op_ns;

		total_ns += batch_ns;
		outcome.batches++;
		outcome.iterations += count;
		outcome.largest = count > outcome.largest ? count : outcome.largest;
		count = bench_plan_next(&outcome.plan, (uint64_t)(batch_ns * timed_share),
					(uint64_t)total_ns);
		outcome.measured_batches += outcome.plan.was_measured;
	}
	assert_int_equal(outcome.iterations, outcome.plan.count + outcome.plan.warm_count);
	return outcome;
}

static void test_bench_plan_fills_the_time(void **state)
{
	static const double ops_ns[] = {0.3, 5, 77.7, 1e3, 12345, 1e6};

	(void)state;
	for (size_t i = 0; i < sizeof ops_ns / sizeof *ops_ns; i++) {
		struct outcome warm = play(
			(struct rec_bench_config){.goal_ns = second, .warms_up = 1}, ops_ns[i], 1);
		struct outcome cold =
			play((struct rec_bench_config){.goal_ns = second}, ops_ns[i], 1);

		/* Half an iteration may be missing; 1 % too much is one, or a batch's rounding. */
		uint64_t least = second - (uint64_t)(ops_ns[i] / 2 + 1);

		assert_in_range(warm.plan.wall_ns, least, second / 100 * 101);
		assert_in_range(warm.measured_batches, BATCHES, BATCHES + 2);
		assert_in_range(warm.plan.warm_ns, second / 20, second / 5);
		assert_in_range(cold.plan.wall_ns, least, second / 100 * 101);
		assert_int_equal(cold.plan.warm_count, 0);
	}
}

static void test_bench_plan_an_iteration_longer_than_the_goal_is_the_measurement(void **state)
{
	struct outcome outcome =
		play((struct rec_bench_config){.goal_ns = second, .warms_up = 1}, 3e9, 1);

	(void)state;
	assert_int_equal(outcome.plan.count, 1);
	assert_int_equal(outcome.plan.warm_count, 0);
	assert_int_equal(outcome.plan.wall_ns, 3 * second);
}

static void test_bench_plan_a_long_iteration_warms_up_once(void **state)
{
	struct outcome outcome =
		play((struct rec_bench_config){.goal_ns = second, .warms_up = 1}, 3e8, 1);

	(void)state;
	assert_int_equal(outcome.plan.warm_count, 1);
	assert_int_equal(outcome.plan.count, 3); /* 0.9 s: the next would be two thirds too long */
}

/* A pass that takes a fifth of the second that the benchmark does. */
static void test_bench_plan_of_a_part_warms_up_as_the_whole_does(void **state)
{
	struct rec_bench_config part = {
		.goal_ns = second / 5, .warm_limit_ns = second, .warms_up = 1};
	struct outcome once = play(part, 3e8, 1), none = play(part, 3e9, 1);

	(void)state;
	assert_int_equal(once.plan.warm_count, 1);
	assert_int_equal(once.plan.count, 1);
	assert_int_equal(none.plan.warm_count, 0);
	assert_int_equal(none.plan.count, 1);
}

static void test_bench_plan_counts_exactly(void **state)
{
	static const uint64_t counts[] = {1, 2, 19, 20, 21, 100, 12345};
	static const double ops_ns[] = {0.3, 500, 1e5, 1e9};

	(void)state;
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		for (size_t j = 0; j < sizeof ops_ns / sizeof *ops_ns; j++) {
			/* Whatever else is asked for. */
			struct outcome outcome = play((struct rec_bench_config){.count = counts[i],
										.goal_ns = 1,
										.warms_up = 1},
						      ops_ns[j], 1);

			assert_int_equal(outcome.iterations, counts[i]);
			assert_int_equal(outcome.plan.count, counts[i]);
		}
	}
}

static void test_bench_plan_short_exact_runs_read_the_clock_twice(void **state)
{
	struct outcome outcome = play((struct rec_bench_config){.count = 100}, 1, 1);

	(void)state;
	assert_int_equal(outcome.batches, 2);
}

static void test_bench_plan_ends_though_the_timer_is_stopped(void **state)
{
	struct outcome stopped =
		play((struct rec_bench_config){.goal_ns = second, .warms_up = 1}, 1000, 0);
	struct outcome mostly =
		play((struct rec_bench_config){.goal_ns = second, .warms_up = 1}, 1000, 0.01);

	(void)state;
	/* Ten seconds of it, and the batch in which they ended. */
	assert_in_range(stopped.batches, 2, GIVE_UP - 1);
	assert_in_range(mostly.batches, 2, GIVE_UP - 1);
	assert_true(mostly.plan.count > 0);
	/* Most of the time goes to what is measured, in stretches enough to tell a spread. */
	assert_in_range(mostly.measured_batches, 8, 12);
	assert_in_range(mostly.plan.warm_ns, 1, mostly.plan.wall_ns / 5);
	/* No batch is longer than the goal, timer or not. */
	assert_in_range(stopped.plan.total_ns, second, 12 * second);
	assert_in_range(mostly.plan.total_ns, second, 12 * second);
}

static void test_bench_plan_warms_up_no_longer_where_batches_are_bounded(void **state)
{
	/* A twentieth of a minute would be more iterations than a batch may have. */
	struct outcome outcome =
		play((struct rec_bench_config){.goal_ns = 60 * second, .warms_up = 1}, 0.3, 1);

	(void)state;
	assert_in_range(outcome.plan.warm_ns, 1, 31 * second);
	assert_in_range(outcome.plan.wall_ns, 60 * second, 61 * second);
}

static void test_bench_plan_growth_is_bounded(void **state)
{
	/* An iteration that takes no time at all: no batch runs for ever. */
	struct outcome outcome =
		play((struct rec_bench_config){.goal_ns = second / 1000, .warms_up = 1}, 1e-3, 1);

	(void)state;
	assert_in_range(outcome.largest, 1, 1000000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bench_plan_fills_the_time),
		cmocka_unit_test(
			test_bench_plan_an_iteration_longer_than_the_goal_is_the_measurement),
		cmocka_unit_test(test_bench_plan_a_long_iteration_warms_up_once),
		cmocka_unit_test(test_bench_plan_of_a_part_warms_up_as_the_whole_does),
		cmocka_unit_test(test_bench_plan_counts_exactly),
		cmocka_unit_test(test_bench_plan_short_exact_runs_read_the_clock_twice),
		cmocka_unit_test(test_bench_plan_ends_though_the_timer_is_stopped),
		cmocka_unit_test(test_bench_plan_warms_up_no_longer_where_batches_are_bounded),
		cmocka_unit_test(test_bench_plan_growth_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
