/* SPDX-License-Identifier: MIT */
/* Two sets of benchmark results, old and new, set against each other. */
#ifndef PPROFMK_TOOL_BENCH_DIFF_H
#define PPROFMK_TOOL_BENCH_DIFF_H

#include "tool/bench/bench_text.h"
#include "tool/common/bench_stats.h"
#include "tool/common/bench_stats_rank.h"

/* ns/op of the middle one of a run's stretches. */
#define BENCH_MIDDLE_UNIT "p50-ns/op"

/* One benchmark's figures of one unit on one side. */
struct bench_sample {
	double *values; /* sorted */
	size_t count;
	double median;
	struct bench_interval interval; /* of the median */
};

enum bench_verdict {
	BENCH_UNSURE,  /* no evidence of a difference */
	BENCH_DIFFERS, /* p < alpha */
	BENCH_EQUAL,   /* every value of either side is the same */
	BENCH_CHANGED, /* exact unit: one value on either side, and they are not the same */
};

struct bench_diff_row {
	const char *name, *package;
	const char *unit;
	enum bench_better better;
	struct bench_sample old, new;
	enum bench_verdict verdict;
	struct bench_u test;
	struct bench_interval ratio; /* new/old, where it is known */
	size_t order;		     /* of its first line in the new text */
};

struct bench_diff {
	struct bench_diff_row *rows; /* by unit, and within one in the new text's order */
	size_t count, cap;
	/* Names that are on one side only, each once. */
	const char **only_old, **only_new;
	size_t only_old_count, only_new_count;
	double alpha;
	bool shows_package; /* a text has more than one */
};

/* Compare. The texts must outlive what is made of them. */
void bench_diff_make(struct bench_diff *diff, const struct bench_text *old,
		     const struct bench_text *new, double alpha);
void bench_diff_free(struct bench_diff *diff);

/* The geometric means of the medians of rows[0..count), all of one unit. False where one is not above 0. */
bool bench_diff_geomean(const struct bench_diff_row *rows, size_t count, double *old, double *new);

/* How many rows from `first` on have its unit. */
size_t bench_diff_unit(const struct bench_diff *diff, size_t first);

#endif
