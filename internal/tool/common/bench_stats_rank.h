/* SPDX-License-Identifier: MIT */
/* Mann and Whitney's U test: do two sets of measurements come from the same distribution? Only their order counts. */
#ifndef PPROFMK_TOOL_BENCH_STATS_RANK_H
#define PPROFMK_TOOL_BENCH_STATS_RANK_H

#include <stdbool.h>
#include <stddef.h>

/* Up to so many pairs the distribution is counted out, 50 x 50; beyond it the normal one stands for it. */
#define BENCH_U_EXACT_MAX 2500

struct bench_u {
	/* How probable so extreme an order is when there is no difference: twice the smaller tail, at most 1. */
	double p;
	/* How often a new value is above an old one, over all pairs; ties count half. 0.5: no tendency. */
	double superiority;
};

/* Both counts are at least 1, and the values are numbers, sorted or not. Equal values share their mean rank; the exact
 * distribution is that of all ways to deal the ranks there are, the normal one has the correction for ties and for
 * continuity. Old 1..5 against new 6..10: p = 2/252, superiority 1. */
struct bench_u bench_u_test(const double *old, size_t old_count, const double *new,
			    size_t new_count);

/* How many of the smallest quotients (or differences) of all pairs lie below an interval that leaves out no more than `tail`
 * at each end, without ties. False when even the smallest and the largest are not enough. */
bool bench_u_quantile(size_t old_count, size_t new_count, double tail, size_t *skipped);

#endif
