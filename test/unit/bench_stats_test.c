/* SPDX-License-Identifier: MIT */
/* links: internal/base/xalloc.c internal/tool/common/bench_stats.c internal/tool/common/bench_stats_rank.c */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sanitized.h"
#include "tool/common/bench_stats.h"
#include "tool/common/bench_stats_rank.h"

#define LEN(array) (sizeof(array) / sizeof *(array))

/* Equal to so much of the expected value, or of 1 below it. */
static void check_close(double actual, double expected, double error)
{
	if (fabs(actual - expected) <= error * fmax(1, fabs(expected)))
		return;
	fail_msg("%.17g, expected %.17g", actual, expected);
}

/* Whole numbers, with ties when few are asked for. The same ones in each run. */
static double next_value(uint32_t *seed, uint32_t different)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (double)((*seed >> 8) % different);
}

static void test_stats_median_is_in_the_middle(void **state)
{
	double odd[] = {5, 1, 9}, even[] = {4, 1, 3, 2}, one[] = {7}, large[] = {1.7e308, 1.7e308};

	(void)state;
	bench_sort(odd, LEN(odd));
	bench_sort(even, LEN(even));
	check_close(bench_sorted_median(odd, LEN(odd)), 5, 0);
	check_close(bench_sorted_median(even, LEN(even)), 2.5, 0);
	check_close(bench_sorted_median(one, 1), 7, 0);
	check_close(bench_sorted_median(large, 2), 1.7e308, 0);
}

/* Ranks of the two-sided 95 % interval: Conover, and any table of the sign test. */
static void test_stats_median_interval_is_that_of_the_sign_test(void **state)
{
	static const struct {
		size_t count, low;
	} known[] = {{6, 1},  {7, 1},  {8, 1},	{9, 2},	 {10, 2},  {11, 2},  {12, 3},  {15, 4},
		     {16, 4}, {17, 5}, {20, 6}, {25, 8}, {30, 10}, {40, 14}, {50, 18}, {100, 40}};
	double values[100];

	(void)state;
	for (size_t i = 0; i < LEN(values); i++)
		values[i] = (double)i + 1;
	for (size_t i = 0; i < LEN(known); i++) {
		struct bench_interval interval = bench_median_interval(values, known[i].count);

		assert_true(interval.is_known);
		check_close(interval.low, (double)known[i].low, 0);
		check_close(interval.high, (double)(known[i].count + 1 - known[i].low), 0);
	}
	for (size_t count = 1; count < 6; count++)
		assert_false(bench_median_interval(values, count).is_known);
}

static void test_stats_median_interval_of_very_many(void **state)
{
	size_t count = 100000;
	double *values = calloc(count, sizeof *values);
	struct bench_interval interval;

	(void)state;
	assert_non_null(values);
	for (size_t i = 0; i < count; i++)
		values[i] = (double)i + 1;
	interval = bench_median_interval(values, count);
	/* n/2 -+ 1.96 sqrt(n)/2, the normal approximation */
	check_close(interval.low, 50000 - 309.9, 1e-4);
	check_close(interval.high, 50001 + 309.9, 1e-4);
	free(values);
}

/* Critical values of U at two-sided 0.05 and 0.01: the largest U with p <= alpha (Mann and Whitney's tables, as
 * printed in textbooks). */
static void test_stats_u_agrees_with_printed_tables(void **state)
{
	static const struct {
		size_t n, m, at_5, at_1; /* 99: none */
	} known[] = {{3, 5, 0, 99},	{4, 4, 0, 99},	  {4, 5, 1, 99},    {5, 5, 2, 0},
		     {5, 8, 6, 2},	{6, 7, 6, 3},	  {7, 7, 8, 4},	    {8, 8, 13, 7},
		     {9, 10, 20, 13},	{10, 10, 23, 16}, {12, 15, 49, 37}, {15, 15, 64, 51},
		     {20, 20, 127, 105}};

	(void)state;
	for (size_t i = 0; i < LEN(known); i++) {
		size_t n = known[i].n, m = known[i].m, skipped;
		bool is_there = bench_u_quantile(n, m, 0.025, &skipped);

		assert_true(is_there);
		assert_int_equal(skipped, known[i].at_5);
		is_there = bench_u_quantile(n, m, 0.005, &skipped);
		assert_int_equal(is_there ? skipped : 99, known[i].at_1);
	}
}

/* 1..n against values shifted up by so many places: U is known by counting. */
static void test_stats_u_of_small_sets_by_arithmetic(void **state)
{
	static const double low[] = {1, 2, 3, 4, 5}, high[] = {6, 7, 8, 9, 10};
	static const double mixed_old[] = {1, 2, 4}, mixed_new[] = {3, 5, 6, 7};
	struct bench_u u = bench_u_test(low, 5, high, 5);

	(void)state;
	check_close(u.p, 2.0 / 252, 1e-15);
	check_close(u.superiority, 1, 0);
	u = bench_u_test(high, 5, low, 5);
	check_close(u.p, 2.0 / 252, 1e-15);
	check_close(u.superiority, 0, 0);
	/* One of 12 pairs is the other way round; 2 of the 35 orders are as extreme at this end. */
	u = bench_u_test(mixed_old, 3, mixed_new, 4);
	check_close(u.p, 2.0 * 2 / 35, 1e-15);
	check_close(u.superiority, 11.0 / 12, 1e-15);
	u = bench_u_test(low, 1, high, 1);
	check_close(u.p, 1, 0);
}

/* The definition, by trying every way to deal the ranks: twice the smaller tail of U, counted over pairs. */
struct dealt {
	const double *all;
	size_t count, chosen;
	double u; /* of the dealing asked for */
	double below, above, ways;
};

static double count_pairs(const struct dealt *dealt, uint32_t set)
{
	double u = 0;

	for (size_t i = 0; i < dealt->count; i++) {
		for (size_t j = 0; j < dealt->count; j++) {
			if (!(set >> i & 1) || (set >> j & 1))
				continue;
			u += dealt->all[i] > dealt->all[j];
			u += dealt->all[i] == dealt->all[j] ? 0.5 : 0;
		}
	}
	return u;
}

static double p_by_brute_force(const double *old, size_t n, const double *new, size_t m)
{
	double all[16];
	struct dealt dealt = {.all = all, .count = n + m, .chosen = m};

	memcpy(all, new, m * sizeof *all);
	memcpy(all + m, old, n * sizeof *all);
	dealt.u = count_pairs(&dealt, (1u << m) - 1);
	for (uint32_t set = 0; set < 1u << (n + m); set++) {
		double u;

		if ((size_t)__builtin_popcount(set) != m)
			continue;
		u = count_pairs(&dealt, set);
		dealt.ways++;
		dealt.below += u <= dealt.u;
		dealt.above += u >= dealt.u;
	}
	return fmin(1, 2 * fmin(dealt.below, dealt.above) / dealt.ways);
}

static void test_stats_u_is_what_all_orders_say(void **state)
{
	uint32_t seed = 1;
	double old[6], new[6];

	(void)state;
	for (size_t n = 1; n <= 5; n++) {
		for (size_t m = 1; m <= 6; m++) {
			for (uint32_t different = 2; different <= 50; different += 8) {
				for (size_t i = 0; i < n; i++)
					old[i] = next_value(&seed, different);
				for (size_t i = 0; i < m; i++)
					new[i] = next_value(&seed, different) + 1;
				check_close(bench_u_test(old, n, new, m).p,
					    p_by_brute_force(old, n, new, m), 1e-13);
			}
		}
	}
}

static void test_stats_u_of_equal_values_is_no_evidence(void **state)
{
	static const size_t counts[] = {1, 2, 3, 4, 5, 10, 20, 50, 51, 60};
	double same[60];

	(void)state;
	for (size_t i = 0; i < LEN(same); i++)
		same[i] = 3;
	for (size_t i = 0; i < LEN(counts); i++) {
		check_close(bench_u_test(same, counts[i], same, counts[i]).p, 1, 0);
		check_close(bench_u_test(same, counts[i], same, counts[i]).superiority, 0.5, 0);
	}
}

/* 50 x 50 is counted out, 50 x 51 is not: side by side they must tell the same, with ties and without. */
static void test_stats_u_normal_takes_over_smoothly(void **state)
{
	static const uint32_t different[] = {4, 40, 1000000};
	double old[51], new[51];
	uint32_t seed = 7;

	(void)state;
	/* Counting out may take a second: once, where they differ. */
	for (size_t k = 0; k < (is_slowed() ? 1 : LEN(different)); k++) {
		for (int shift = is_slowed() ? 3 : 0; shift < 4; shift += 3) {
			for (size_t i = 0; i < LEN(old); i++) {
				old[i] = next_value(&seed, different[k]);
				new[i] = next_value(&seed, different[k]) +
					 shift *different[k] / 16.0;
			}
			/* One more, above half of the old ones and below the others, tells nothing. */
			bench_sort(old, 50);
			new[50] = bench_sorted_median(old, 50);
			check_close(bench_u_test(old, 50, new, 50).p,
				    bench_u_test(old, 50, new, 51).p, 0.05);
		}
	}
}

static void test_stats_u_of_many_has_small_p(void **state)
{
	double *values = malloc(6000 * sizeof *values);

	(void)state;
	assert_non_null(values);
	for (size_t i = 0; i < 6000; i++)
		values[i] = (double)i;
	assert_true(bench_u_test(values, 3000, values + 3000, 3000).p < 1e-100);
	assert_true(bench_u_test(values, 3000, values, 3000).p > 0.99);
	assert_true(bench_u_test(values, 50, values + 50, 50).p < 1e-20);
	free(values);
}

/* 8 of 100 more: the quotients' middle is 1.08, and the interval is of the 13th from either end (U at 0.025, 8 x 8). */
static void test_stats_ratio_interval_is_of_quotients(void **state)
{
	double old[] = {100, 101, 102, 103, 104, 105, 106, 107}, new[8], quotients[64];
	struct bench_interval interval;

	(void)state;
	for (size_t i = 0; i < 8; i++)
		new[i] = old[i] * 1.08;
	for (size_t i = 0; i < 64; i++)
		quotients[i] = new[i % 8] / old[i / 8];
	bench_sort(quotients, 64);
	interval = bench_ratio_interval(old, 8, new, 8);
	assert_true(interval.is_known);
	check_close(interval.low, quotients[13], 0);
	check_close(interval.high, quotients[50], 0);
	assert_true(interval.low < 1.08 && interval.high > 1.08);
}

static void test_stats_ratio_interval_where_there_is_none(void **state)
{
	static const double some[] = {1, 2, 3, 4}, zero[] = {0, 2, 3, 4};

	(void)state;
	assert_true(bench_ratio_interval(some, 4, some, 4).is_known);
	assert_false(bench_ratio_interval(some, 3, some, 3).is_known);
	assert_false(bench_ratio_interval(some, 4, zero, 4).is_known);
	assert_false(bench_ratio_interval(zero, 4, some, 4).is_known);
	assert_false(bench_ratio_interval(some, 0, some, 4).is_known);
}

/* The interval misses the true factor in no more than 5 % of the cases; 10 x 10 draws from one distribution. */
static void test_stats_ratio_interval_covers(void **state)
{
	double old[10], new[10];
	uint32_t seed = 3;
	int missed = 0;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct bench_interval interval;

		for (size_t i = 0; i < 10; i++) {
			old[i] = 1000 + next_value(&seed, 1u << 20);
			new[i] = 2 * (1000 + next_value(&seed, 1u << 20));
		}
		interval = bench_ratio_interval(old, 10, new, 10);
		missed += interval.low > 2 || interval.high < 2;
	}
	/* 5 % of 2000 is 100; four standard deviations are 39. The same numbers in each run. */
	assert_in_range(missed, 40, 139);
}

static void test_stats_normal_quantiles(void **state)
{
	(void)state;
	check_close(bench_normal_quantile(0.5), 0, 1e-12);
	check_close(bench_normal_quantile(0.975), 1.959963984540054, 1e-12);
	check_close(bench_normal_quantile(0.995), 2.575829303548901, 1e-12);
	check_close(bench_normal_quantile(0.8), 0.8416212335729143, 1e-12);
	check_close(bench_normal_quantile(1e-9), -5.997807015007686, 1e-9);
}

static void test_stats_least_runs(void **state)
{
	(void)state;
	check_close(bench_least_p(1, 1), 1, 0);
	check_close(bench_least_p(3, 4), 2.0 / 35, 1e-15);
	check_close(bench_least_p(5, 5), 2.0 / 252, 1e-15);
	assert_int_equal(bench_runs_least(0.05), 4);
	assert_int_equal(bench_runs_least(0.01), 5);
	assert_int_equal(bench_runs_least(0.001), 7);
	assert_int_equal(bench_runs_least(0.2), 3);
}

/* Noether's formula for two equal sets: (1.96 + 0.84)^2 / (6 * 0.25^2) = 20.93. */
static void test_stats_wanted_runs(void **state)
{
	(void)state;
	assert_int_equal(bench_runs_wanted(0.75, 0.05), 21);
	assert_int_equal(bench_runs_wanted(0.25, 0.05), 21);
	assert_int_equal(bench_runs_wanted(0.75, 0.01), 32);
	assert_int_equal(bench_runs_wanted(0.5, 0.05), BENCH_RUNS_MAX);
	assert_true(bench_runs_wanted(0.6, 0.01) > bench_runs_wanted(0.7, 0.01));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stats_median_is_in_the_middle),
		cmocka_unit_test(test_stats_median_interval_is_that_of_the_sign_test),
		cmocka_unit_test(test_stats_median_interval_of_very_many),
		cmocka_unit_test(test_stats_u_agrees_with_printed_tables),
		cmocka_unit_test(test_stats_u_of_small_sets_by_arithmetic),
		cmocka_unit_test(test_stats_u_is_what_all_orders_say),
		cmocka_unit_test(test_stats_u_of_equal_values_is_no_evidence),
		cmocka_unit_test(test_stats_u_normal_takes_over_smoothly),
		cmocka_unit_test(test_stats_u_of_many_has_small_p),
		cmocka_unit_test(test_stats_ratio_interval_is_of_quotients),
		cmocka_unit_test(test_stats_ratio_interval_where_there_is_none),
		cmocka_unit_test(test_stats_ratio_interval_covers),
		cmocka_unit_test(test_stats_normal_quantiles),
		cmocka_unit_test(test_stats_least_runs),
		cmocka_unit_test(test_stats_wanted_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
