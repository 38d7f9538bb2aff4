/* SPDX-License-Identifier: MIT */
/* What is printed of each sample of a running program: how much, and what has changed since the one before. */
#ifndef PPROFMK_TOOL_WATCH_CHANGE_H
#define PPROFMK_TOOL_WATCH_CHANGE_H

#include <stdio.h>

#include "tool/live/live_fetch.h"
#include "tool/live/watch_folder.h"

struct watch_change {
	const struct live_kind *kind;
	size_t rows; /* that a table may have */
	/* The sample before; and what the next one is compared with: that itself, or of counters what came between two. NULL:
	 * none yet. Begin with all zero. */
	struct profile *last, *compared;
	int64_t when_ns; /* of `last` */
	double length_s; /* that `compared` is of */
};

/* Print a sample, and take its profile over: live->profile is NULL then. */
void watch_change_print(FILE *stream, struct watch_change *change,
			const struct watch_sample *sample, struct live_profile *live);
void watch_change_free(struct watch_change *change);

#endif
