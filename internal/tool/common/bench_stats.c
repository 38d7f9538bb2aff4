/* SPDX-License-Identifier: MIT */
#include "tool/common/bench_stats.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "tool/common/bench_stats_rank.h"

/* Two-sided: 2.5 % at each end. */
#define TAIL 0.025
/* In how many of the comparisons a difference that exists is to be found. */
#define POWER 0.8

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void bench_sort(double *values, size_t count)
{
	if (count > 0)
		qsort(values, count, sizeof *values, compare);
}

double bench_sorted_median(const double *sorted, size_t count)
{
	/* Halves first: the sum of two large ones is no number. */
	return count % 2 != 0 ? sorted[count / 2]
			      : sorted[count / 2 - 1] / 2 + sorted[count / 2] / 2;
}

/* How many of the smallest, and of the largest, are outside of the interval: the most whose probability is no more than
 * TAIL at either end. count: none is inside. */
static size_t outside(size_t count)
{
	double sum = 0;

	/* Logarithms: 2^-count underflows from 1075 on. */
	for (size_t below = 0; below < count; below++) {
		sum += exp(lgamma((double)count + 1) - lgamma((double)below + 1) -
			   lgamma((double)(count - below) + 1) - (double)count * M_LN2);
		if (sum > TAIL)
			return below > 0 ? below - 1 : count;
	}
	return count;
}

struct bench_interval bench_median_interval(const double *sorted, size_t count)
{
	size_t skipped = outside(count);

	if (skipped >= count)
		return (struct bench_interval){0};
	return (struct bench_interval){sorted[skipped], sorted[count - 1 - skipped], true};
}

static bool all_above_zero(const double *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!(values[i] > 0))
			return false;
	return true;
}

struct bench_interval bench_ratio_interval(const double *old, size_t old_count, const double *new,
					   size_t new_count)
{
	struct bench_interval interval = {0};
	size_t skipped, count;
	double *quotients;

	if (old_count == 0 || new_count > BENCH_QUOTIENTS_MAX / old_count)
		return interval;
	count = old_count * new_count;
	if (!all_above_zero(old, old_count) || !all_above_zero(new, new_count) ||
	    !bench_u_quantile(old_count, new_count, TAIL, &skipped))
		return interval;
	quotients = xmalloc(count * sizeof *quotients);
	for (size_t i = 0; i < count; i++)
		quotients[i] = new[i % new_count] / old[i / new_count];
	bench_sort(quotients, count);
	interval =
		(struct bench_interval){quotients[skipped], quotients[count - 1 - skipped], true};
	free(quotients);
	return interval;
}

double bench_normal_quantile(double p)
{
	double low = -40, high = 40;

	/* Each step halves 80; 64 of them leave nothing that a double can tell. */
	for (int i = 0; i < 64; i++) {
		double middle = (low + high) / 2;

		if (erfc(-middle / M_SQRT2) / 2 < p)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}

double bench_least_p(size_t old_count, size_t new_count)
{
	double p = 2; /* two of C(old + new, old) orders are the most extreme */

	for (size_t i = 1; i <= old_count && p > 0; i++)
		p *= (double)i / (double)(new_count + i);
	return p < 1 ? p : 1;
}

size_t bench_runs_least(double alpha)
{
	size_t runs = 1;

	while (runs < BENCH_RUNS_MAX && bench_least_p(runs, runs) >= alpha)
		runs++;
	return runs;
}

size_t bench_runs_wanted(double superiority, double alpha)
{
	double z = bench_normal_quantile(1 - alpha / 2) + bench_normal_quantile(POWER);
	double effect = superiority - 0.5;
	double runs = ceil(z * z / (6 * effect * effect));

	return runs < (double)BENCH_RUNS_MAX ? (size_t)runs : BENCH_RUNS_MAX;
}
