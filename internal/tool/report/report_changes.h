/* SPDX-License-Identifier: MIT */
/* What is another than in a base, as far as one run of each can tell: verdicts, figures that do not vary, and benchmarks that
 * were run often enough. Times of tests vary by more than most changes and are not compared. */
#ifndef PPROFMK_TOOL_REPORT_CHANGES_H
#define PPROFMK_TOOL_REPORT_CHANGES_H

#include "tool/bench/bench_diff.h"
#include "tool/report/artifact.h"

struct report_change {
	const char *test;    /* title of the test, or name of the benchmark */
	const char *measure; /* name of a metric, or the benchmark's unit */
	const char *title;   /* of the measure */
	const char *unit;    /* as in human.h, or the benchmark's own */
	double old, new;
	bool is_worse;
};

/* All zero: nothing is compared. */
struct report_changes {
	size_t count, cap;
	struct report_change *items; /* those that are worse first */
	/* Titles: tests that fail and did not, that no longer fail, that the base has not, and that only the base has. */
	size_t broken_count, mended_count, added_count, gone_count;
	size_t broken_cap, mended_cap, added_cap, gone_cap;
	const char **broken, **mended, **added, **gone;
	size_t machine_differs; /* tests that the base ran on another machine */
	size_t threaded;	/* figures that are others, of tests with several threads */
	size_t unsure;		/* benchmarks' figures that were run too few times to tell */
	/* Private: what `items` points into. */
	struct bench_text old_text, new_text;
	struct bench_diff diff;
};

/* Compare. Both folders must outlive it. */
void report_changes_make(struct report_changes *changes, struct artifact *base,
			 struct artifact *artifact);
void report_changes_free(struct report_changes *changes);

#endif
