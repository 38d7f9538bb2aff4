/* SPDX-License-Identifier: MIT */
/* Private to profile*.c: the memory of a profile, and how equal things are found. */
#ifndef PPROFMK_FORMAT_PROFILE_INDEX_H
#define PPROFMK_FORMAT_PROFILE_INDEX_H

#include "base/arena.h"
#include "base/set.h"
#include "format/profile.h"

/* Capacities of the arrays in struct profile, and a table for each. Numbers in the tables are ids; of strings and
 * samples, which have none, they are the place in the array + 1. */
struct profile_index {
	struct arena arena; /* strings, lines of locations, locations and labels of samples */
	const char **strings;
	size_t string_count, string_cap;
	size_t comment_cap, mapping_cap, function_cap, location_cap, sample_cap;
	struct set string_set, mapping_set, function_set, location_set, sample_set;
};

#endif
