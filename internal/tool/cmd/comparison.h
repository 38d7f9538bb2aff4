/* SPDX-License-Identifier: MIT */
/* Two sides of profiles, and what has changed: as a table, or in pprof's pages. */
#ifndef PPROFMK_TOOL_COMPARISON_H
#define PPROFMK_TOOL_COMPARISON_H

#include "tool/options.h"
#include "tool/profile/profile_runs.h"

struct comparison {
	const struct options *options; /* type, normalize, format, number, alpha, host, port */
	const char *func;	       /* what the pages are called */
	const struct kind *kind;
	struct profile_runs old, new; /* a profile each, at least */
	/* Private to comparison.c. */
	const struct profile_value_type *type;
	size_t *old_types, *new_types;
};

/* Show it as --format says. Returns the exit status. Context: the main thread. */
int comparison_show(struct comparison *comparison);

#endif
