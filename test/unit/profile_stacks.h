/* SPDX-License-Identifier: MIT */
/* Profiles of functions with names of one letter. */
#ifndef PPROFMK_TEST_UNIT_PROFILE_STACKS_H
#define PPROFMK_TEST_UNIT_PROFILE_STACKS_H

#include "format/profile.h"

static inline struct profile *stacks_profile(void)
{
	struct profile *profile = profile_new();

	profile_add_type(profile, "samples", "count");
	return profile;
}

/* One function a location, in the order of the names; `stack` is made of their letters, the leaf first. */
static inline void stacks_add(struct profile *profile, const char *stack, int64_t value)
{
	uint64_t locations[16];
	struct profile_sample sample = {.locations = locations, .values = {value}};

	for (; *stack; stack++) {
		char name[] = {*stack, '\0'};
		struct profile_function function = {name, name, "x.c", *stack};
		struct profile_line line = {profile_add_function(profile, &function), 1};
		struct profile_location location = {0, (uint64_t)*stack, 1, &line};

		locations[sample.location_count++] = profile_add_location(profile, &location);
	}
	profile_add_sample(profile, &sample);
}

#endif
