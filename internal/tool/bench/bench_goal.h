/* SPDX-License-Identifier: MIT */
/* How much a benchmark measures: `--benchtime`. */
#ifndef PPROFMK_TOOL_BENCH_GOAL_H
#define PPROFMK_TOOL_BENCH_GOAL_H

#include <stdint.h>

/* What it may be at most. */
#define BENCH_COUNT_MAX UINT64_C(1000000000000)
#define BENCH_NS_MAX	(UINT64_C(24) * 3600 * 1000000000)

struct bench_goal {
	uint64_t ns;	/* time to fill with iterations, 0: `count` */
	uint64_t count; /* exact number of them, 0: `ns` */
};

/* Read "1s" or "100x". 0, or -EINVAL, -ERANGE: no duration and no count; 0, or more than the most. */
int bench_goal_read(struct bench_goal *goal, const char *text);

#endif
