/* SPDX-License-Identifier: MIT */
/* links: internal/base/utf8.c internal/base/xalloc.c internal/tool/gate/budget.c internal/tool/gate/gate.c internal/tool/common/names.c
 * internal/tool/common/bench_stats.c internal/tool/common/bench_stats_rank.c internal/tool/tool.c */
/* What is said of figures: counts to the last one, times by chance, and what a budget allows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tool/gate/gate.h"

struct made {
	struct gate gate;
	struct gate_subject *subject;
};

static void begin(struct made *made, const char *budget)
{
	*made = (struct made){.gate = {.alpha = 0.001, .share = 0.05}};
	assert_true(budget_parse(&made->gate.budget, "b", budget));
	made->subject = gate_subject(&made->gate, "test_x", NULL);
}

static void add(struct gate_series *series, const double *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		gate_add(series, values[i]);
}

/* The verdict of a metric with these values. */
static enum gate_verdict judged(struct made *made, enum gate_metric metric, const double *old,
				size_t old_count, const double *new, size_t new_count)
{
	struct gate_figure *figure = &made->subject->figures[metric];

	gate_clear(&figure->old);
	gate_clear(&figure->new);
	add(&figure->old, old, old_count);
	add(&figure->new, new, new_count);
	gate_judge(&made->gate, made->subject, metric);
	return figure->verdict;
}

static enum gate_verdict counted(struct made *made, enum gate_metric metric, double old, double new)
{
	const double before[] = {old, old}, now[] = {new, new};

	return judged(made, metric, before, 2, now, 2);
}

static void test_gate_one_more_allocation_is_worse(void **state)
{
	struct made made;

	(void)state;
	begin(&made, "");
	for (enum gate_metric m = GATE_ALLOCS; m < GATE_INSTRUCTIONS; m++) {
		assert_int_equal(counted(&made, m, 1000000, 1000001), GATE_WORSE);
		assert_int_equal(counted(&made, m, 0, 1), GATE_WORSE);
		assert_int_equal(counted(&made, m, 1000000, 1000000), GATE_EQUAL);
		assert_int_equal(counted(&made, m, 1000000, 999999), GATE_BETTER);
	}
	assert_int_equal(gate_worse(&made.gate), 0);
	counted(&made, GATE_ALLOCS, 1, 2);
	assert_int_equal(gate_worse(&made.gate), 1);
	gate_break(&made.gate, "test_y: failed");
	assert_int_equal(gate_worse(&made.gate), 2);
	gate_free(&made.gate);
}

/* One value each, as a kept folder has, is as exact as it can be. */
static void test_gate_sides_that_are_missing(void **state)
{
	const double one[] = {5}, more[] = {6};
	struct made made;

	(void)state;
	begin(&made, "");
	assert_int_equal(judged(&made, GATE_ALLOCS, one, 1, more, 1), GATE_WORSE);
	assert_int_equal(judged(&made, GATE_ALLOCS, one, 0, more, 1), GATE_NOT_COMPARED);
	assert_int_equal(judged(&made, GATE_ALLOCS, one, 1, more, 0), GATE_NOT_COMPARED);
	gate_free(&made.gate);
}

/* Threads: counts overlap, and there is no telling. Of those that do not, eight each tell. */
static void test_gate_counts_that_vary_are_said_to(void **state)
{
	const double old[] = {10, 12, 11, 10, 13, 12, 10, 11};
	const double same[] = {11, 13, 12, 12, 13, 12, 13, 14};
	const double above[] = {21, 23, 22, 22, 23, 22, 23, 24};
	struct made made;

	(void)state;
	begin(&made, "");
	assert_int_equal(judged(&made, GATE_ALLOCS, old, 8, same, 8), GATE_VARIES);
	assert_int_equal(judged(&made, GATE_ALLOCS, old, 8, above, 8), GATE_WORSE);
	assert_int_equal(judged(&made, GATE_ALLOCS, above, 8, old, 8), GATE_BETTER);
	/* Two of each are too few to tell. */
	assert_int_equal(judged(&made, GATE_ALLOCS, old, 2, above, 2), GATE_VARIES);
	gate_free(&made.gate);
}

/* Values around a middle, 2 % apart at most, in no order. */
static void fill(double *values, size_t count, double middle, uint32_t seed)
{
	for (size_t i = 0; i < count; i++) {
		seed = seed * 1664525u + 1013904223u;
		values[i] = middle * (0.99 + 0.02 * (double)(seed >> 8) / (1 << 24));
	}
}

static void test_gate_times_need_size_and_evidence(void **state)
{
	double old[20], same[20], little[20], much[20];
	struct made made;

	(void)state;
	begin(&made, "");
	fill(old, 20, 1000, 1);
	fill(same, 20, 1000, 2);
	fill(little, 20, 1030, 3);
	fill(much, 20, 1100, 4);
	assert_int_equal(judged(&made, GATE_TIME, old, 20, same, 20), GATE_NOISE);
	/* Sure, and too little to matter. */
	assert_int_equal(judged(&made, GATE_TIME, old, 20, little, 20), GATE_NOISE);
	assert_true(made.subject->figures[GATE_TIME].test.p < 1e-6);
	assert_int_equal(judged(&made, GATE_TIME, old, 20, much, 20), GATE_WORSE);
	assert_int_equal(judged(&made, GATE_TIME, much, 20, old, 20), GATE_BETTER);
	/* Much, and not sure. */
	assert_int_equal(judged(&made, GATE_TIME, old, 5, much, 5), GATE_NOISE);
	/* Of instructions less is allowed. */
	assert_int_equal(judged(&made, GATE_INSTRUCTIONS, old, 20, little, 20), GATE_WORSE);
	gate_free(&made.gate);
}

/* 10 % of 10 ns are one: where code lies decides on that. */
static void test_gate_a_nanosecond_is_nothing(void **state)
{
	double old[20], new[20];
	struct made made;

	(void)state;
	begin(&made, "");
	fill(old, 20, 10, 1);
	fill(new, 20, 11, 2);
	assert_int_equal(judged(&made, GATE_TIME, old, 20, new, 20), GATE_NOISE);
	fill(new, 20, 13, 2);
	assert_int_equal(judged(&made, GATE_TIME, old, 20, new, 20), GATE_WORSE);
	gate_free(&made.gate);
}

/* Half as far apart as is allowed is worth more runs; and so is what runs that are far apart may hide. */
static void test_gate_doubts_ask_for_more_runs(void **state)
{
	const double far[] = {1000, 1400, 1010, 1390, 1000, 1380},
		     apart[] = {1010, 1410, 1390, 1020, 1400, 1030};
	double old[20], near[20], close[20];
	struct made made;
	const struct gate_figure *figure;

	(void)state;
	begin(&made, "test_x instructions any whatever\n");
	figure = &made.subject->figures[GATE_TIME];
	fill(old, 20, 1000, 1);
	fill(near, 20, 1030, 2);
	fill(close, 20, 1001, 3);
	judged(&made, GATE_TIME, old, 20, near, 20);
	assert_true(gate_is_doubtful(&made.gate, figure, GATE_TIME));
	assert_false(gate_is_unsure(&made.gate, figure, GATE_TIME));
	judged(&made, GATE_TIME, old, 20, close, 20);
	assert_false(gate_is_doubtful(&made.gate, figure, GATE_TIME));
	judged(&made, GATE_TIME, far, 6, apart, 6);
	assert_true(gate_is_unsure(&made.gate, figure, GATE_TIME));
	judged(&made, GATE_INSTRUCTIONS, old, 20, near, 20);
	assert_false(gate_is_doubtful(&made.gate, &made.subject->figures[GATE_INSTRUCTIONS],
				      GATE_INSTRUCTIONS));
	gate_free(&made.gate);
}

static void test_gate_budget_allows(void **state)
{
	double old[20], new[20];
	struct made made;

	(void)state;
	begin(&made,
	      "test_x allocs +2 two headers\ntest_x bytes +10% they are longer\n"
	      "test_x peak <=100\ntest_* leaked any a cache\ntest_x time +20% slower and safer\n");
	assert_int_equal(counted(&made, GATE_ALLOCS, 10, 12), GATE_ALLOWED);
	assert_int_equal(counted(&made, GATE_ALLOCS, 10, 13), GATE_WORSE);
	assert_int_equal(counted(&made, GATE_BYTES, 100, 110), GATE_ALLOWED);
	assert_int_equal(counted(&made, GATE_BYTES, 100, 111), GATE_WORSE);
	assert_int_equal(counted(&made, GATE_PEAK, 10, 100), GATE_EQUAL);
	assert_int_equal(counted(&made, GATE_PEAK, 200, 101), GATE_OVER);
	assert_int_equal(counted(&made, GATE_LEAKED, 0, 1000), GATE_ALLOWED);
	assert_int_equal(counted(&made, GATE_LEAKED_BLOCKS, 0, 1), GATE_WORSE);
	fill(old, 20, 1000, 1);
	fill(new, 20, 1100, 2);
	assert_int_equal(judged(&made, GATE_TIME, old, 20, new, 20), GATE_NOISE);
	fill(new, 20, 1300, 2);
	assert_int_equal(judged(&made, GATE_TIME, old, 20, new, 20), GATE_WORSE);
	gate_free(&made.gate);
}

/* Without a base the most that is allowed holds all the same; of what varies the median has to be above it for sure. */
static void test_gate_budget_without_a_base(void **state)
{
	double new[20];
	struct made made;

	(void)state;
	begin(&made, "test_x time <=1us\ntest_x allocs <=5\n");
	fill(new, 20, 1001, 1);
	assert_int_equal(judged(&made, GATE_TIME, NULL, 0, new, 20), GATE_NOISE);
	fill(new, 20, 1020, 1);
	assert_int_equal(judged(&made, GATE_TIME, NULL, 0, new, 20), GATE_OVER);
	assert_int_equal(judged(&made, GATE_ALLOCS, NULL, 0, (const double[]){6}, 1), GATE_OVER);
	assert_int_equal(judged(&made, GATE_ALLOCS, NULL, 0, (const double[]){5}, 1), GATE_EQUAL);
	gate_free(&made.gate);
}

static void test_gate_benchmarks_of_a_test_are_told_apart(void **state)
{
	struct gate gate = {.alpha = 0.001, .share = 0.05};

	(void)state;
	gate_add(&gate_subject(&gate, "bench_x", "BenchmarkX/1")->figures[GATE_ALLOCS].old, 1);
	gate_add(&gate_subject(&gate, "bench_x", "BenchmarkX/2")->figures[GATE_ALLOCS].old, 2);
	gate_add(&gate_subject(&gate, "bench_x", NULL)->figures[GATE_ALLOCS].old, 3);
	gate_add(&gate_subject(&gate, "bench_x", "BenchmarkX/1")->figures[GATE_ALLOCS].new, 2);
	assert_int_equal(gate.count, 3);
	gate_judge_all(&gate);
	assert_int_equal(gate_worse(&gate), 1);
	gate_free(&gate);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gate_one_more_allocation_is_worse),
		cmocka_unit_test(test_gate_sides_that_are_missing),
		cmocka_unit_test(test_gate_counts_that_vary_are_said_to),
		cmocka_unit_test(test_gate_times_need_size_and_evidence),
		cmocka_unit_test(test_gate_a_nanosecond_is_nothing),
		cmocka_unit_test(test_gate_doubts_ask_for_more_runs),
		cmocka_unit_test(test_gate_budget_allows),
		cmocka_unit_test(test_gate_budget_without_a_base),
		cmocka_unit_test(test_gate_benchmarks_of_a_test_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
