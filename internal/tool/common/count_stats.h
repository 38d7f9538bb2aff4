/* SPDX-License-Identifier: MIT */
/* What can be said of counts of events, as samples of a profile are: is one rate higher than another, and by how much? */
#ifndef PPROFMK_TOOL_COUNT_STATS_H
#define PPROFMK_TOOL_COUNT_STATS_H

#include <stddef.h>

#include "tool/common/bench_stats.h"

/* The incomplete beta function I_x(a, b), 0 to 1. a and b above 0, x of 0..1. I_0.5(2, 3) is 0.6875. */
double count_beta(double a, double b, double x);

/* Counts of several runs of one side, and what each was counted over: time, or repetitions; above 0. */
struct count_side {
	const double *counts, *exposures;
	size_t runs; /* at least 1 */
};

struct count_test {
	/* How improbable so different counts are at most, when the rates differ by no more than the margin. */
	double p;
	/* The new rate by the old one, with a probability of 95 %; `high` is infinite where nothing was counted in the old one. */
	struct bench_interval ratio;
};

/* Compare two rates.
 *
 * margin  0.05: rates that differ by 5 % count as equal.
 *
 * One run each: counts are Poisson's, so that, given their sum, the new one is binomial (Przyborowski and Wilenski, 1940),
 * and the interval is Clopper and Pearson's. Samples taken at a fixed period vary less than that, so this errs to the careful
 * side. Several runs vary by more than their counts alone, because the machine does: by how much is seen from the runs
 * themselves (McCullagh and Nelder, Generalized Linear Models, 4.5 and 9.2), and where it is more Student's distribution takes
 * the place of the normal one, with the degrees of freedom of Satterthwaite, 1946. The wider of both answers holds.
 *
 * 100 and 130 in one run each, margin 0: p = 0.056, the ratio 0.99 to 1.71. */
struct count_test count_compare(const struct count_side *old, const struct count_side *new,
				double margin);

/* Benjamini and Hochberg's rule, 1995: of count tests with these p, which to believe so that of those believed no more than
 * `alpha` are wrong on average, and when nothing has changed all are disbelieved with probability 1 - alpha.
 *
 * Returns the largest p to believe, -1 for none. Sorts p. */
double count_believed(double *p, size_t count, double alpha);

#endif
