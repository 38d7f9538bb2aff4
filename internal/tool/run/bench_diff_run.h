/* SPDX-License-Identifier: MIT */
/* A benchmark of two builds, measured by turns, and what has changed in it. */
#ifndef PPROFMK_TOOL_BENCH_DIFF_RUN_H
#define PPROFMK_TOOL_BENCH_DIFF_RUN_H

#include "tool/run/bench_turns.h"

struct bench_diff_run {
	struct bench_turns_how how;
	unsigned *cpus; /* one after the other, 0: all there are */
	size_t cpus_count;
	double alpha;
};

/* Measure a test on both sides by turns; write their results to F.base.bench.txt and F.bench.txt, and print what has changed.
 * What was measured before a failure is written and compared too. Returns whether all went well. */
bool bench_diff_run_test(const struct bench_diff_run *run, const struct catalog_test *old,
			 const struct catalog_test *new);

#endif
