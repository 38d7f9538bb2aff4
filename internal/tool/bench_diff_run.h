/* SPDX-License-Identifier: MIT */
/* A benchmark of two builds, measured by turns: what else the machine does meets both alike. */
#ifndef PPROFMK_TOOL_BENCH_DIFF_RUN_H
#define PPROFMK_TOOL_BENCH_DIFF_RUN_H

#include "tool/bench_pass.h"

struct bench_diff_run {
	/* What was asked for. */
	struct kind_settings settings;
	struct bench_goal goal;
	uint64_t runs;	/* of each side */
	unsigned *cpus; /* one after the other, 0: all there are */
	size_t cpus_count;
	const char *base_dir; /* folder that the old programs run in; NULL: where we are */
	double alpha;
	/* Its own. */
	int here, there; /* those folders, open */
};

/* False, after a message, when base_dir is no folder. */
bool bench_diff_run_begin(struct bench_diff_run *run);
void bench_diff_run_end(struct bench_diff_run *run);

/* Go to the old programs' folder, and back: what is started in between runs there. */
void bench_diff_run_enter(const struct bench_diff_run *run);
void bench_diff_run_leave(const struct bench_diff_run *run);

/* Measure a test on both sides, old new, new old, old new, ...; write their results to F.base.bench.txt and F.bench.txt, and
 * print what has changed. What was measured before a failure is written and compared too. Returns whether all went well. */
bool bench_diff_run_test(const struct bench_diff_run *run, const struct catalog_test *old,
			 const struct catalog_test *new);

#endif
