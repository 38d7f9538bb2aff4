/* SPDX-License-Identifier: MIT */
/* Two sides of profiles set against each other, function by function: what has changed, and what is noise. */
#ifndef PPROFMK_TOOL_PROFILE_DIFF_H
#define PPROFMK_TOOL_PROFILE_DIFF_H

#include "tool/common/bench_stats.h"
#include "tool/profile/profile_runs.h"
#include "tool/profile/top.h"

/* Differences up to this are none: two runs of the same code on a shared machine differ by as much. */
#define PROFILE_DIFF_MARGIN 0.05

/* A function with fewer samples, both sides together, is no candidate for a change: the fewer candidates, the less any one of them
 * has to prove. Their sum says nothing of their difference (Bourgon, Gentleman and Huber, 2010). */
#define PROFILE_DIFF_SAMPLES_MIN 16

enum profile_diff_method {
	PROFILE_DIFF_SAMPLED, /* cpu: samples vary as counts do */
	PROFILE_DIFF_COUNTED, /* mem: every one was seen */
	PROFILE_DIFF_ESTIMATED, /* block, mutex: how long is up to the machine; a heap that is sampled */
};

enum profile_diff_verdict {
	PROFILE_DIFF_NOISE,   /* no evidence of a change */
	PROFILE_DIFF_CHANGED, /* more than chance makes */
	PROFILE_DIFF_EXACT,   /* changed: the same in every run of either side, and not the same */
	PROFILE_DIFF_EQUAL,
	PROFILE_DIFF_UNKNOWN, /* one run of a side says nothing of how much they vary */
};

struct profile_diff_figure {
	double old,
		new; /* of one run of the test; the median of the profiles, of samples their mean */
	double p;    /* where it is CHANGED or NOISE */
	double samples;		     /* of both sides, where they are samples */
	struct bench_interval ratio; /* new/old, where it is known */
	enum profile_diff_verdict verdict;
};

struct profile_diff_row {
	const char *name, *file; /* of the new side, where it has the function */
	int64_t line;
	struct profile_diff_figure self, all; /* in the function itself; with what it calls */
};

struct profile_diff_side {
	const struct profile_runs *runs;
	const size_t *types; /* of each profile */
	/* Made by profile_diff_make(). */
	struct top **tops;
	double *exposures; /* what a profile's values are divided by */
	uint64_t repeats;  /* runs of the test in all of them; 0: not known */
};

struct profile_diff {
	struct profile_diff_side old, new;
	const char *type, *unit;
	enum profile_diff_method method;
	bool is_normalised; /* shares of the totals are compared */
	bool is_a_run;	    /* figures are those of one run of the test, not of a profile */
	struct profile_diff_figure total;
	struct profile_diff_row *rows; /* in no order */
	size_t count, cap;
};

/* Compare. runs, types, type, unit, is_normalised are to be set, all else zero; each side has a profile.
 *
 * alpha  how improbable a difference by chance has to be, over all functions together. */
void profile_diff_make(struct profile_diff *diff, const struct kind *kind, double alpha);
void profile_diff_free(struct profile_diff *diff);

#endif
