/* SPDX-License-Identifier: MIT */
#include "tool/common/bench_stats_rank.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "tool/common/bench_stats.h"

/* A value and the set it is of. */
struct ranked {
	double value;
	bool is_new;
};

static int compare(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

static struct ranked *rank(const double *old, size_t old_count, const double *new, size_t new_count)
{
	struct ranked *all = xmalloc((old_count + new_count) * sizeof *all);

	for (size_t i = 0; i < old_count; i++)
		all[i] = (struct ranked){old[i], false};
	for (size_t i = 0; i < new_count; i++)
		all[old_count + i] = (struct ranked){new[i], true};
	qsort(all, old_count + new_count, sizeof *all, compare);
	return all;
}

/* Where those equal to all[from] end. */
static size_t tie_end(const struct ranked *all, size_t count, size_t from)
{
	size_t end = from + 1;

	while (end < count && all[end].value == all[from].value)
		end++;
	return end;
}

/* Twice the mean rank from 0 of each, a whole number also for ties; the sum over the new ones in *new_sum. Returns
 * the sum of t^3 - t over the ties, t values each. */
static double double_ranks(const struct ranked *all, size_t count, size_t *ranks, double *new_sum)
{
	double ties = 0;

	*new_sum = 0;
	for (size_t from = 0, end; from < count; from = end) {
		double equal;

		end = tie_end(all, count, from);
		equal = (double)(end - from);
		ties += equal * equal * equal - equal;
		for (size_t i = from; i < end; i++) {
			ranks[i] = from + end - 1;
			*new_sum += all[i].is_new ? (double)ranks[i] : 0;
		}
	}
	return ties;
}

/* In how many ways `chosen` of the ranks add up to each sum: one after the other, each is taken or not. The caller
 * frees the ways of 0..*most. Doubles: they are added up only, so the error stays near 1e-16 of each. */
static double *count_ways(const size_t *ranks, size_t count, size_t chosen, size_t *most)
{
	size_t width = 1;
	double *ways;

	for (size_t i = count - chosen; i < count; i++)
		width += ranks[i]; /* sorted: no sum is larger */
	ways = xcalloc((chosen + 1) * width, sizeof *ways);
	ways[0] = 1;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = i < chosen ? i + 1 : chosen; k > 0; k--) {
			double *with = ways + k * width;
			const double *without = with - width;

			for (size_t sum = width; sum-- > ranks[i];)
				with[sum] += without[sum - ranks[i]];
		}
	}
	for (size_t sum = 0; sum < width; sum++)
		ways[sum] = ways[chosen * width + sum];
	*most = width - 1;
	return ways;
}

static double exact_p(const size_t *ranks, size_t count, size_t chosen, double chosen_sum)
{
	double below = 0, above = 0, all = 0, smaller;
	size_t most;
	double *ways = count_ways(ranks, count, chosen, &most);

	for (size_t sum = 0; sum <= most; sum++) {
		all += ways[sum];
		below += (double)sum <= chosen_sum ? ways[sum] : 0;
		above += (double)sum >= chosen_sum ? ways[sum] : 0;
	}
	free(ways);
	smaller = below < above ? below : above;
	return 2 * smaller < all ? 2 * smaller / all : 1;
}

static double normal_p(double u, double n, double m, double ties)
{
	double count = n + m;
	double variance = n * m / 12 * (count + 1 - ties / (count * (count - 1)));
	double distance = fabs(u - n * m / 2) - 0.5;

	return variance > 0 && distance > 0 ? erfc(distance / sqrt(2 * variance)) : 1;
}

struct bench_u bench_u_test(const double *old, size_t old_count, const double *new,
			    size_t new_count)
{
	size_t count = old_count + new_count;
	double n = (double)old_count, m = (double)new_count;
	struct ranked *all = rank(old, old_count, new, new_count);
	size_t *ranks = xmalloc(count * sizeof *ranks);
	double new_sum, u;
	double ties = double_ranks(all, count, ranks, &new_sum);
	struct bench_u result;

	u = (new_sum - m * (m - 1)) / 2;
	result.superiority = u / (n * m);
	if (new_count > BENCH_U_EXACT_MAX / old_count)
		result.p = normal_p(u, n, m, ties);
	else if (new_count <= old_count)
		result.p = exact_p(ranks, count, new_count, new_sum);
	else /* the smaller set is counted faster */
		result.p = exact_p(ranks, count, old_count,
				   (double)count * (double)(count - 1) - new_sum);
	free(ranks);
	free(all);
	return result;
}

/* The most with P(U < it) <= tail, counted out. -1 where it is below 0. */
static double exact_quantile(size_t n, size_t m, double tail)
{
	size_t chosen = n < m ? n : m, count = n + m, most;
	size_t first = chosen * (chosen - 1) / 2; /* the smallest sum, U = 0 */
	size_t *ranks = xmalloc(count * sizeof *ranks);
	double all = 0, below = 0;
	double *ways;
	size_t sum;

	for (size_t i = 0; i < count; i++)
		ranks[i] = i;
	ways = count_ways(ranks, count, chosen, &most);
	for (sum = first; sum <= most; sum++)
		all += ways[sum];
	for (sum = first; sum <= most && below + ways[sum] <= tail * all; sum++)
		below += ways[sum];
	free(ways);
	free(ranks);
	return (double)(sum - first) - 1;
}

bool bench_u_quantile(size_t old_count, size_t new_count, double tail, size_t *skipped)
{
	double n = (double)old_count, m = (double)new_count, most;

	if (new_count <= BENCH_U_EXACT_MAX / old_count)
		most = exact_quantile(old_count, new_count, tail);
	else
		most = floor(n * m / 2 +
			     bench_normal_quantile(tail) * sqrt(n * m * (n + m + 1) / 12) - 0.5);
	*skipped = most > 0 ? (size_t)most : 0;
	return most >= 0;
}
