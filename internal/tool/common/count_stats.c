/* SPDX-License-Identifier: MIT */
#include "tool/common/count_stats.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

#define TAIL 0.025
/* Halvings of 0..1 until a double has no more digits for it. */
#define HALVINGS 60

/* The continued fraction of DLMF 8.17.22, by Lentz's method; converges fast for x < (a + 1) / (a + b + 2). */
static double beta_fraction(double a, double b, double x)
{
	double c = 1, d = 1 / (1 - (a + b) * x / (a + 1)), value = d;

	for (int m = 1; m < 10000; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		double change;

		d = 1 / (1 + even * d);
		c = 1 + even / c;
		value *= c * d;
		d = 1 / (1 + odd * d);
		c = 1 + odd / c;
		change = c * d;
		value *= change;
		if (fabs(change - 1) < 4 * DBL_EPSILON)
			break;
	}
	return value;
}

double count_beta(double a, double b, double x)
{
	double front;

	if (x <= 0 || x >= 1)
		return x >= 1;
	front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
	if (x < (a + 1) / (a + b + 2))
		return front * beta_fraction(a, b, x) / a;
	return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

/* P(at least `hits` of `count`) where each hits with probability x; as a function of x it has an inverse. The numbers need
 * not be whole. */
static double at_least(double hits, double count, double x)
{
	return hits > 0 ? count_beta(hits, count - hits + 1, x) : 1;
}

static double at_most(double hits, double count, double x)
{
	return hits < count ? count_beta(count - hits, hits + 1, 1 - x) : 1;
}

/* The x of 0..1 at which a probability is TAIL. */
static double solve(double (*probability)(double hits, double count, double x), double hits,
		    double count, bool grows)
{
	double low = 0, high = 1;

	for (int i = 0; i < HALVINGS; i++) {
		double x = (low + high) / 2;

		if ((probability(hits, count, x) < TAIL) == grows)
			low = x;
		else
			high = x;
	}
	return (low + high) / 2;
}

static double sum(const double *values, size_t count)
{
	double total = 0;

	for (size_t i = 0; i < count; i++)
		total += values[i];
	return total;
}

struct totals {
	double old, new; /* counts, as many as carry independent evidence */
	double share;	 /* of the new side in what was counted over */
	double freedom;	 /* degrees of it that `spread` was found with, 0: one run each */
	double spread;	 /* variance by that of Poisson's counts, at least 1 */
};

/* Pearson's statistic of a side's runs around their common rate. */
static double scatter(const struct count_side *side)
{
	double rate = sum(side->counts, side->runs) / sum(side->exposures, side->runs);
	double total = 0;

	for (size_t i = 0; i < side->runs && rate > 0; i++) {
		double expected = rate * side->exposures[i];

		total += (side->counts[i] - expected) * (side->counts[i] - expected) / expected;
	}
	return total;
}

static struct totals totals_of(const struct count_side *old, const struct count_side *new)
{
	double old_exposure = sum(old->exposures, old->runs);
	double new_exposure = sum(new->exposures, new->runs);
	struct totals totals = {.old = sum(old->counts, old->runs),
				.new = sum(new->counts, new->runs),
				.share = new_exposure / (old_exposure + new_exposure),
				.freedom = (double)(old->runs + new->runs - 2),
				.spread = 1};

	if (totals.freedom > 0)
		totals.spread = fmax(1, (scatter(old) + scatter(new)) / totals.freedom);
	/* Poisson's part of the variance is known, only the rest was found. */
	if (totals.spread > 1)
		totals.freedom *= pow(totals.spread / (totals.spread - 1), 2);
	return totals;
}

/* The probability of a hit when the new rate is `ratio` times the old one. */
static double chance(double share, double ratio)
{
	return ratio * share / (ratio * share + 1 - share);
}

static double ratio_of(double chance, double share)
{
	return chance < 1 ? chance / (1 - chance) * (1 - share) / share : INFINITY;
}

static struct count_test compare_binomial(const struct totals *totals, double margin)
{
	double new = totals->new / totals->spread, count = new + totals->old / totals->spread;
	double more = at_least(new, count, chance(totals->share, 1 + margin));
	double less = at_most(new, count, chance(totals->share, 1 / (1 + margin)));
	struct count_test test = {.p = fmin(1, 2 * fmin(more, less))};

	if (count == 0)
		return test;
	test.ratio.is_known = true;
	test.ratio.low = new > 0 ? ratio_of(solve(at_least, new, count, true), totals->share) : 0;
	test.ratio.high =
		new < count ? ratio_of(solve(at_most, new, count, false), totals->share) : INFINITY;
	return test;
}

/* P(|T| > t) of Student's distribution. */
static double student_p(double t, double freedom)
{
	return count_beta(freedom / 2, 0.5, freedom / (freedom + t * t));
}

static double student_quantile(double freedom)
{
	double low = 0, high = 1000;

	for (int i = 0; i < HALVINGS; i++) {
		double t = (low + high) / 2;

		if (student_p(t, freedom) > 2 * TAIL)
			low = t;
		else
			high = t;
	}
	return high;
}

/* Make a comparison wider by what Student's distribution says. */
static void widen(struct count_test *test, const struct totals *totals, double margin)
{
	double ratio = log(totals->new / totals->old *(1 - totals->share) / totals->share);
	double error = sqrt(totals->spread * (1 / totals->old + 1 / totals->new));
	double distance = fmax(0, fabs(ratio) - log1p(margin));
	double reach = student_quantile(totals->freedom) * error;

	test->p = fmax(test->p, student_p(distance / error, totals->freedom));
	test->ratio.low = fmin(test->ratio.low, exp(ratio - reach));
	test->ratio.high = fmax(test->ratio.high, exp(ratio + reach));
}

struct count_test count_compare(const struct count_side *old, const struct count_side *new,
				double margin)
{
	struct totals totals = totals_of(old, new);
	struct count_test test = compare_binomial(&totals, margin);

	if (totals.spread > 1 && totals.old > 0 && totals.new > 0)
		widen(&test, &totals, margin);
	return test;
}

double count_believed(double *p, size_t count, double alpha)
{
	bench_sort(p, count);
	for (size_t i = count; i > 0; i--)
		if (p[i - 1] <= alpha * (double)i / (double)count)
			return p[i - 1];
	return -1;
}
