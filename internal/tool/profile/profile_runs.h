/* SPDX-License-Identifier: MIT */
/* Profiles of one test and kind from several runs: one side of a comparison. */
#ifndef PPROFMK_TOOL_PROFILE_RUNS_H
#define PPROFMK_TOOL_PROFILE_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/profile.h"
#include "tool/profile/kinds.h"

struct profile_runs {
	const char *where; /* that was asked for: a file or a folder */
	struct profile **profiles;
	char **paths;
	size_t count, cap;
};

/* Read a file; or from a folder F.K.pb.gz, and those of that name in its subfolders, by their names: repeated runs.
 *
 * where  has to live as long as *runs.
 *
 * Returns false after a message: a file that is not there, or no profile. A folder without one has count 0. To be freed in any
 * case. */
bool profile_runs_read(struct profile_runs *runs, const struct kind *kind, const char *func,
		       const char *where);
void profile_runs_free(struct profile_runs *runs);

/* The sample type of that name in every profile, the number in type[i]; NULL after a message: one has none in that unit. The
 * caller frees them. */
size_t *profile_runs_types(const struct profile_runs *runs, const char *type, const char *unit);

/* How often the test was run for a profile of ours, as its comment says; 0: it does not say, or is of several tests. */
uint64_t profile_repeats(const struct profile *profile);

/* All of them as one; the caller frees it. NULL after a message: they differ in their sample types. */
struct profile *profile_runs_merged(const struct profile_runs *runs);

/* Multiply every value. */
void profile_scale(struct profile *profile, double factor);

#endif
