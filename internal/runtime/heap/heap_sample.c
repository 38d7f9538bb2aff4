/* SPDX-License-Identifier: MIT */
#include "runtime/heap/heap_sample.h"

#include <stdatomic.h>

#define LN2 0.69314718055994530942

/* splitmix64 (Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014). */
#define GOLDEN UINT64_C(0x9e3779b97f4a7c15)

static uint64_t mix(uint64_t value)
{
	value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
	return value ^ value >> 31;
}

static uint64_t next_random(uint64_t *state)
{
	*state += GOLDEN;
	return mix(*state);
}

/* Threads differ by their number, processes by where they lie in memory. */
static void seed(struct heap_sampler *sampler)
{
	static _Atomic uint64_t threads;

	sampler->random = mix((uintptr_t)&threads) ^
			  mix(atomic_fetch_add_explicit(&threads, 1, memory_order_relaxed) + 1);
	if (sampler->random == 0)
		sampler->random = GOLDEN;
}

double heap_sample_exponential(uint64_t random)
{
	int zeros = __builtin_clzll(random);
	/* random / 2^64 = m * 2^-halvings with m from 1 to 2. */
	int halvings = zeros + 1;
	double m = (double)(random << zeros >> 11) * 0x1p-52;
	double z, square;

	if (m > 1.41421356237309504880) {
		m /= 2;
		halvings--;
	}
	z = (m - 1) / (m + 1);
	square = z * z;
	return halvings * LN2 -
	       2 * z * (1 + square * (1.0 / 3 + square * (1.0 / 5 + square * (1.0 / 7))));
}

/* Up to x = 1/2 the series with Bernoulli's numbers (Abramowitz and Stegun 23.1.1), whose next term is x^7 / 1209600. Beyond, exp(-x) is that of
 * a part of x, squared as often as it was halved. */
double heap_sample_inverse(double x)
{
	double y = x, square, inverse, rest;
	int halvings = 0;

	if (x > 64)
		return 1;
	while (y > 0.5) {
		y /= 2;
		halvings++;
	}
	square = y * y;
	inverse = 1 / y + 0.5 + y * (1.0 / 12 - square * (1.0 / 720 - square * (1.0 / 30240)));
	if (halvings == 0)
		return inverse;
	for (rest = 1 - 1 / inverse; halvings > 0; halvings--)
		rest *= rest;
	return 1 / (1 - rest);
}

/* To one of the two integers beside it, so that the expected value is the value: no sum of many is wrong by it. */
static uint64_t round_at_random(double value, uint64_t *state)
{
	uint64_t whole = (uint64_t)value;
	double part = value - (double)whole;

	return whole + ((double)(next_random(state) >> 11) * 0x1p-53 < part);
}

static void draw(struct heap_sampler *sampler, uint64_t rate_bytes)
{
	double distance =
		heap_sample_exponential(next_random(&sampler->random) | 1) * (double)rate_bytes;

	sampler->rate_bytes = rate_bytes;
	/* A point within byte k is in the block that has k bytes. */
	sampler->left_bytes = (uint64_t)distance + 1;
}

bool heap_sampler_hits(struct heap_sampler *sampler, size_t size_bytes, uint64_t rate_bytes,
		       struct heap_weight *weight)
{
	double inverse;

	if (sampler->left_bytes == 0) {
		if (sampler->random == 0)
			seed(sampler);
		draw(sampler, rate_bytes);
		if (heap_sampler_skips(sampler, size_bytes))
			return false;
	}
	inverse = heap_sample_inverse(((double)size_bytes + 1) / (double)sampler->rate_bytes);
	weight->count = round_at_random(inverse, &sampler->random);
	weight->bytes = round_at_random(inverse * (double)size_bytes, &sampler->random);
	draw(sampler, rate_bytes);
	return true;
}
