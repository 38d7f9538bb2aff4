/* SPDX-License-Identifier: MIT */
/* What can be said of repeated measurements without knowing how they are distributed: medians, intervals from their
 * order, and how many are needed. */
#ifndef PPROFMK_TOOL_BENCH_STATS_H
#define PPROFMK_TOOL_BENCH_STATS_H

#include <stdbool.h>
#include <stddef.h>

struct bench_interval {
	double low, high;
	bool is_known; /* false: there are too few values */
};

/* Sort, smallest first. */
void bench_sort(double *values, size_t count);

/* The middle of sorted values, or the mean of the two in the middle. `count` is at least 1. */
double bench_sorted_median(const double *sorted, size_t count);

/* Where the median of all measurements that could be made lies, with a probability of at least 95 %: between two of
 * those that were made (sign test; Conover, Practical Nonparametric Statistics, 3.2). The binomial distribution of how many
 * lie below the median says which two. 20 values: the 6th and the 15th (95.9 %); 6 are the least. */
struct bench_interval bench_median_interval(const double *sorted, size_t count);

/* Where new/old lies with a probability of at least 95 %: between two of all quotients of one value each (Hodges and
 * Lehmann's interval for a factor instead of a shift; Hollander and Wolfe, Nonparametric Statistical Methods, 4.3). Not
 * known for fewer than 4 values each, where one is not above 0, and beyond BENCH_QUOTIENTS_MAX pairs. */
struct bench_interval bench_ratio_interval(const double *old, size_t old_count, const double *new,
					   size_t new_count);

#define BENCH_QUOTIENTS_MAX ((size_t)1 << 22)

/* The x that a normally distributed value is below with probability p, 0 < p < 1: 0.975 has 1.96. */
double bench_normal_quantile(double p);

/* The smallest p that the U test can have with so many runs: 1 of either side has 1, 5 have 2/252. */
double bench_least_p(size_t old_count, size_t new_count);

/* The least number of runs each for which some outcome of the U test has p < alpha: 4 for 0.05, 5 for 0.01. At most
 * BENCH_RUNS_MAX. */
size_t bench_runs_least(double alpha);

/* About how many runs each would show a difference at `alpha` in 4 of 5 comparisons, when a new value is above an old one
 * with probability `superiority` (ties count half): Noether, Sample Size Determination for Some Common Nonparametric
 * Tests, 1987. 0.75 at 0.05 needs 21. BENCH_RUNS_MAX stands for more than that, and for no difference (0.5). */
size_t bench_runs_wanted(double superiority, double alpha);

#define BENCH_RUNS_MAX ((size_t)1000000)

#endif
