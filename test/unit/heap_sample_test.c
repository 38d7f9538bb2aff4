/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/heap/heap_sample.c */
/* The mathematics of sampled allocations against the C library's, and against what it promises: bounds are four standard deviations,
 * which a right estimate passes in one run of 16,000. The generator is seeded, so that a run is like every other. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/heap/heap_sample.h"

#define RATE 4096

static uint64_t state = 1;

/* xorshift64 (Marsaglia), which has nothing in common with the generator of ours. */
static uint64_t random_number(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

static void assert_near(double value, double expected, double bound)
{
	if (!(fabs(value - expected) <= bound))
		fail_msg("%.12g is not %.12g within %.3g", value, expected, bound);
}

static void test_heap_exponential_is_as_near_as_it_says(void **unused)
{
	const uint64_t ends[] = {1, 2, 3, UINT64_MAX, UINT64_MAX - 1, UINT64_C(1) << 63};

	(void)unused;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		assert_near(heap_sample_exponential(ends[i]), -log((double)ends[i] * 0x1p-64),
			    3e-8);
	/* Small ones as often as large ones. */
	for (unsigned i = 0; i < 1000000; i++) {
		uint64_t random = random_number() >> (i % 64) | 1;

		assert_near(heap_sample_exponential(random), -log((double)random * 0x1p-64), 3e-8);
	}
}

static void test_heap_inverse_is_as_near_as_it_says(void **unused)
{
	(void)unused;
	for (int i = -21000; i < 7000; i++) {
		double x = exp(i / 1000.0); /* from 1e-9 to 1e3 */
		double exact = -1 / expm1(-x);

		assert_near(heap_sample_inverse(x), exact, 1e-6 * exact);
	}
}

struct totals {
	double count, bytes, hits;
};

static void allocate(struct heap_sampler *sampler, size_t size, unsigned times,
		     struct totals *totals)
{
	struct heap_weight weight;

	for (unsigned i = 0; i < times; i++) {
		if (heap_sampler_skips(sampler, size) ||
		    !heap_sampler_hits(sampler, size, RATE, &weight))
			continue;
		totals->hits++;
		totals->count += (double)weight.count;
		totals->bytes += (double)weight.bytes;
	}
}

/* One block's part in the variance of the count. */
static double variance_of(size_t size)
{
	double p = -expm1(-((double)size + 1) / RATE);

	return (1 - p) / p;
}

static void test_heap_block_is_sampled_with_its_probability(void **unused)
{
	const size_t sizes[] = {0, 1, 16, 100, 1024, 4096, 10000, 40000};
	const unsigned times = 400000;

	(void)unused;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct heap_sampler sampler = {.random = i + 1};
		struct totals totals = {0, 0, 0};
		double p = -expm1(-((double)sizes[i] + 1) / RATE);

		allocate(&sampler, sizes[i], times, &totals);
		assert_near(totals.hits, times * p, 4 * sqrt(times * p * (1 - p)) + 1);
	}
}

static void test_heap_block_as_large_as_many_distances_is_one(void **unused)
{
	struct heap_sampler sampler = {.random = 1};
	struct heap_weight weight;

	(void)unused;
	for (int i = 0; i < 1000; i++) {
		assert_false(heap_sampler_skips(&sampler, (size_t)RATE * 1000));
		assert_true(heap_sampler_hits(&sampler, (size_t)RATE * 1000, RATE, &weight));
		assert_int_equal(1, weight.count);
		assert_int_equal(RATE * 1000, weight.bytes);
	}
}

/* Of mixtures whose parts would each be lost if all were multiplied alike: what the mean of many runs is, and how they vary. */
static void test_heap_estimate_is_unbiased_for_any_mixture(void **unused)
{
	enum { SEEDS = 3000 };
	const struct {
		size_t size;
		unsigned times;
	} mix[] = {{16, 4000}, {1024, 200}, {100000, 5}, {0, 300}};
	double count = 0, bytes = 0, count_variance = 0, bytes_variance = 0;
	double sum = 0, sum_bytes = 0, squares = 0;

	(void)unused;
	for (size_t i = 0; i < 4; i++) {
		double part = mix[i].times * variance_of(mix[i].size);
		double size = (double)mix[i].size;

		count += mix[i].times;
		bytes += mix[i].times * size;
		count_variance += part;
		bytes_variance += part * size * size;
	}
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct heap_sampler sampler = {.random = seed * 7919};
		struct totals totals = {0, 0, 0};

		for (size_t i = 0; i < 4; i++)
			allocate(&sampler, mix[i].size, mix[i].times, &totals);
		sum += totals.count;
		sum_bytes += totals.bytes;
		squares += (totals.count - count) * (totals.count - count);
	}
	assert_near(sum / SEEDS, count, 4 * sqrt(count_variance / SEEDS));
	assert_near(sum_bytes / SEEDS, bytes, 4 * sqrt(bytes_variance / SEEDS));
	/* A variance measured n times is known within sqrt(2/n) of it, about: here 2.6 %. */
	assert_near(squares / SEEDS / count_variance, 1, 0.15);
}

static void test_heap_rate_of_two_bytes_has_no_rounding_in_it(void **unused)
{
	struct heap_sampler sampler = {.random = 42};
	struct heap_weight weight;
	double count = 0, bytes = 0;
	const unsigned times = 2000000;
	double p = -expm1(-2.0 / 2);

	(void)unused;
	for (unsigned i = 0; i < times; i++) {
		if (!heap_sampler_skips(&sampler, 1) &&
		    heap_sampler_hits(&sampler, 1, 2, &weight)) {
			count += (double)weight.count;
			bytes += (double)weight.bytes;
		}
	}
	/* 1/p is 1.58: rounded to 2 it would be 26 % too much. Rounding at random adds less than a quarter to each sample. */
	assert_near(count, times, 4 * sqrt(times * ((1 - p) / p + 0.25)));
	assert_near(bytes, times, 4 * sqrt(times * ((1 - p) / p + 0.25)));
}

static void test_heap_sizes_without_sense_change_nothing(void **unused)
{
	struct heap_sampler sampler = {.random = 1};
	struct heap_weight weight;

	(void)unused;
	(void)heap_sampler_hits(&sampler, 1, RATE, &weight);
	for (size_t size = SIZE_MAX; size > SIZE_MAX - 4; size--) {
		uint64_t left = sampler.left_bytes;

		(void)heap_sampler_skips(&sampler, size);
		assert_int_equal(left, sampler.left_bytes);
	}
}

static void test_heap_threads_draw_differently(void **unused)
{
	struct heap_sampler one = {0}, other = {0};
	struct heap_weight weight;

	(void)unused;
	(void)heap_sampler_hits(&one, 1, RATE, &weight);
	(void)heap_sampler_hits(&other, 1, RATE, &weight);
	assert_true(one.random != other.random);
	assert_true(one.left_bytes != other.left_bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heap_exponential_is_as_near_as_it_says),
		cmocka_unit_test(test_heap_inverse_is_as_near_as_it_says),
		cmocka_unit_test(test_heap_block_is_sampled_with_its_probability),
		cmocka_unit_test(test_heap_block_as_large_as_many_distances_is_one),
		cmocka_unit_test(test_heap_estimate_is_unbiased_for_any_mixture),
		cmocka_unit_test(test_heap_rate_of_two_bytes_has_no_rounding_in_it),
		cmocka_unit_test(test_heap_sizes_without_sense_change_nothing),
		cmocka_unit_test(test_heap_threads_draw_differently),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
