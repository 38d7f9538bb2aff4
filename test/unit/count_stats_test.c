/* SPDX-License-Identifier: MIT */
/* links: internal/base/xalloc.c internal/tool/common/count_stats.c internal/tool/common/bench_stats.c internal/tool/common/bench_stats_rank.c */
/* Against sums of binomial probabilities, printed tables, and counts whose rates are known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tool/common/count_stats.h"

#define LEN(array) (sizeof(array) / sizeof *(array))

static void check_close(double actual, double expected, double error)
{
	if (fabs(actual - expected) > error * fmax(1, fabs(expected)))
		fail_msg("%.12g, expected %.12g", actual, expected);
}

static struct count_test compare(double old, double new, double margin)
{
	const double once = 1;
	struct count_side a = {&old, &once, 1}, b = {&new, &once, 1};

	return count_compare(&a, &b, margin);
}

/* P(at least k of n), added up from the largest. */
static double binomial_tail(unsigned k, unsigned n, double p)
{
	double sum = 0;

	for (unsigned i = n + 1; i-- > k;)
		sum += exp(lgamma(n + 1.0) - lgamma(i + 1.0) - lgamma(n - i + 1.0) + i * log(p) +
			   (n - i) * log(1 - p));
	return sum;
}

static void test_count_beta_is_the_binomial_tail(void **state)
{
	static const double chances[] = {0.001, 0.1, 0.5, 0.7, 0.999};

	(void)state;
	for (unsigned n = 1; n <= 400; n = n * 3 / 2 + 1)
		for (unsigned k = 1; k <= n; k = k * 2 + 1)
			for (size_t i = 0; i < LEN(chances); i++)
				check_close(count_beta(k, n - k + 1.0, chances[i]),
					    binomial_tail(k, n, chances[i]), 1e-9);
	check_close(count_beta(2, 3, 0.5), 0.6875, 1e-14);
	check_close(count_beta(1, 1, 0.25), 0.25, 1e-14);
	check_close(count_beta(5, 2, 0), 0, 0);
	check_close(count_beta(5, 2, 1), 1, 0);
}

/* 3 against 7: of 2^10 ways 176 have 7 or more on one side. */
static void test_count_one_run_each_is_the_binomial_test(void **state)
{
	(void)state;
	check_close(compare(3, 7, 0).p, 2 * 176 / 1024.0, 1e-12);
	check_close(compare(7, 3, 0).p, 2 * 176 / 1024.0, 1e-12);
	check_close(compare(5, 5, 0).p, 1, 0);
	check_close(compare(0, 0, 0).p, 1, 0);
	assert_false(compare(0, 0, 0).ratio.is_known);
	check_close(compare(0, 10, 0).p, 2 / 1024.0, 1e-12);
	assert_true(isinf(compare(0, 10, 0).ratio.high));
	check_close(compare(10, 0, 0).ratio.low, 0, 0);
}

/* Clopper and Pearson: 5 of 10 is 18.71 % to 81.29 %, 0 of 10 up to 30.85 %; any table. */
static void test_count_interval_is_clopper_and_pearsons(void **state)
{
	struct bench_interval half = compare(5, 5, 0).ratio, none = compare(10, 0, 0).ratio;

	(void)state;
	check_close(half.low, 0.1871 / 0.8129, 0.001);
	check_close(half.high, 0.8129 / 0.1871, 0.001);
	check_close(none.high, 0.3085 / 0.6915, 0.001);
}

static void test_count_example_of_the_header(void **state)
{
	struct count_test test = compare(100, 130, 0);

	(void)state;
	check_close(test.p, 2 * binomial_tail(130, 230, 0.5), 1e-9);
	check_close(test.p, 0.056, 0.001);
	check_close(test.ratio.low, 0.99, 0.005);
	check_close(test.ratio.high, 1.71, 0.005);
}

/* Twice as many in twice the time is no difference. */
static void test_count_what_was_counted_over_counts(void **state)
{
	double old = 1000, new = 2000, one = 1, two = 2;
	struct count_test test = count_compare(&(struct count_side){&old, &one, 1},
					       &(struct count_side){&new, &two, 1}, 0);

	(void)state;
	assert_true(test.p > 0.9);
	assert_true(test.ratio.low < 1 && test.ratio.high > 1);
}

static void test_count_margin_is_no_difference(void **state)
{
	(void)state;
	assert_true(compare(100000, 104000, 0).p < 1e-6);
	assert_true(compare(100000, 104000, 0.05).p > 0.9);
	assert_true(compare(104000, 100000, 0.05).p > 0.9);
	assert_true(compare(100000, 110000, 0.05).p < 1e-6);
	assert_true(compare(110000, 100000, 0.05).p < 1e-6);
}

/* 10 % apart is much for counts of 10,000, and nothing where runs of one side are 30 % apart. */
static void test_count_runs_that_vary_make_less_sure(void **state)
{
	const double ones[] = {1, 1, 1, 1, 1};
	const double steady_old[] = {10000, 10050, 9950, 10020, 9980};
	const double steady_new[] = {11000, 11050, 10950, 11020, 10980};
	const double wild_old[] = {8500, 11500, 9000, 11000, 10000};
	const double wild_new[] = {9500, 12500, 10000, 12000, 11000};
	struct count_test steady = count_compare(&(struct count_side){steady_old, ones, 5},
						 &(struct count_side){steady_new, ones, 5}, 0);
	struct count_test wild = count_compare(&(struct count_side){wild_old, ones, 5},
					       &(struct count_side){wild_new, ones, 5}, 0);

	(void)state;
	assert_true(steady.p < 1e-6);
	assert_true(steady.ratio.low > 1.08 && steady.ratio.high < 1.12);
	assert_true(wild.p > 0.1);
	assert_true(wild.ratio.low < 1 && wild.ratio.high > 1);
}

/* P(|T| > t) of Student's distribution, by Simpson's rule over its density. */
static double student(double t, double freedom)
{
	double scale = exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2)) / sqrt(freedom * M_PI);
	double sum = 0;
	int steps = 2000;

	for (int i = 0; i <= steps; i++) {
		double x = t * i / steps, weight = i == 0 || i == steps ? 1 : i % 2 ? 4 : 2;

		sum += weight * pow(1 + x * x / freedom, -(freedom + 1) / 2);
	}
	return 1 - 2 * scale * sum * t / steps / 3;
}

/* Around 50 and 100 the runs scatter by 4 + 8, six times as much as counts with 2 degrees of freedom: the known sixth of it
 * makes them 2 x 1.44. */
static void test_count_few_runs_are_students(void **state)
{
	const double old[] = {40, 60}, new[] = {80, 120}, ones[] = {1, 1};
	struct count_test test = count_compare(&(struct count_side){old, ones, 2},
					       &(struct count_side){new, ones, 2}, 0);
	double error = sqrt(6 * (1 / 100.0 + 1 / 200.0));

	(void)state;
	check_close(test.p, student(log(2) / error, 2 * 1.44), 1e-6);
	check_close(student(log(test.ratio.high / 2) / error, 2 * 1.44), 0.05, 1e-6);
}

/* Two runs that agree are as good as one of both. */
static void test_count_runs_that_agree_add_up(void **state)
{
	const double old[] = {50, 50}, new[] = {65, 65}, ones[] = {1, 1};
	struct count_test test = count_compare(&(struct count_side){old, ones, 2},
					       &(struct count_side){new, ones, 2}, 0);

	(void)state;
	check_close(test.p, compare(100, 130, 0).p, 1e-12);
}

static void test_count_belief_allows_for_many_tests(void **state)
{
	double many[] = {0.9, 0.04, 0.03, 0.01, 0.5}, none[] = {0.02, 0.3, 0.4, 0.5, 0.9};
	double all[] = {0.03, 0.04, 0.05};

	(void)state;
	/* Limits are 0.01, 0.02, 0.03, 0.04, 0.05 for 0.01, 0.03, 0.04, 0.5, 0.9. */
	check_close(count_believed(many, LEN(many), 0.05), 0.01, 0);
	check_close(count_believed(none, LEN(none), 0.05), -1, 0);
	check_close(count_believed(all, LEN(all), 0.05), 0.05, 0);
	check_close(count_believed(all, 0, 0.05), -1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_count_beta_is_the_binomial_tail),
		cmocka_unit_test(test_count_one_run_each_is_the_binomial_test),
		cmocka_unit_test(test_count_interval_is_clopper_and_pearsons),
		cmocka_unit_test(test_count_example_of_the_header),
		cmocka_unit_test(test_count_what_was_counted_over_counts),
		cmocka_unit_test(test_count_margin_is_no_difference),
		cmocka_unit_test(test_count_runs_that_vary_make_less_sure),
		cmocka_unit_test(test_count_few_runs_are_students),
		cmocka_unit_test(test_count_runs_that_agree_add_up),
		cmocka_unit_test(test_count_belief_allows_for_many_tests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
