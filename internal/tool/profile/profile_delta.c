/* SPDX-License-Identifier: MIT */
#include "tool/profile/profile_delta.h"

#include <string.h>

#include "tool/profile/profile_runs.h"
#include "tool/profile/top.h"

struct profile *profile_delta(const struct profile *later, struct profile *old)
{
	struct profile *both[] = {(struct profile *)later, old};
	char *names[] = {(char *)"the later profile", (char *)"the earlier one"};
	struct profile_runs runs = {.profiles = both, .paths = names, .count = 2};
	struct profile *delta;

	profile_scale(old, -1);
	delta = profile_runs_merged(&runs);
	if (delta) {
		delta->time_nanos = later->time_nanos;
		delta->duration_nanos = later->time_nanos - old->time_nanos;
	}
	return delta;
}

bool profile_is_of_another_run(const struct profile *later, const struct profile *old, size_t type,
			       bool is_counter)
{
	const struct profile_mapping *a = later->mappings, *b = old->mappings;

	/* The program's own file is the first one. */
	if (later->mapping_count && old->mapping_count && strcmp(a->path, b->path) == 0 &&
	    (a->start != b->start || strcmp(a->build_id, b->build_id) != 0))
		return true;
	return is_counter && top_total(later, type) < top_total(old, type);
}
