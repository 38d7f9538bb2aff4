/* SPDX-License-Identifier: MIT */
/* Adding one profile to another; declared in profile.h. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/sum.h"
#include "base/xalloc.h"
#include "format/profile.h"

/* What ids of `from` are in `into`; [id - 1]. */
struct translation {
	struct profile *into;
	const struct profile *from;
	uint64_t *mappings, *functions, *locations;
};

static bool same_types(const struct profile *a, const struct profile *b)
{
	if (a->type_count != b->type_count)
		return false;
	for (size_t i = 0; i < a->type_count; i++) {
		if (strcmp(a->types[i].type, b->types[i].type) != 0 ||
		    strcmp(a->types[i].unit, b->types[i].unit) != 0)
			return false;
	}
	return true;
}

/* The mapping of the same bytes of the same file, wherever it was; 0 when there is none. */
static uint64_t find_mapping(const struct profile *profile, const struct profile_mapping *wanted)
{
	for (size_t i = 0; i < profile->mapping_count; i++) {
		const struct profile_mapping *mapping = &profile->mappings[i];

		if (mapping->limit - mapping->start == wanted->limit - wanted->start &&
		    mapping->offset == wanted->offset && strcmp(mapping->path, wanted->path) == 0 &&
		    strcmp(mapping->build_id, wanted->build_id) == 0)
			return i + 1;
	}
	return 0;
}

static void merge_mappings(struct translation *t)
{
	for (size_t i = 0; i < t->from->mapping_count; i++) {
		const struct profile_mapping *mapping = &t->from->mappings[i];

		t->mappings[i] = find_mapping(t->into, mapping);
		if (!t->mappings[i])
			t->mappings[i] = profile_add_mapping(t->into, mapping);
	}
}

static void merge_functions(struct translation *t)
{
	for (size_t i = 0; i < t->from->function_count; i++)
		t->functions[i] = profile_add_function(t->into, &t->from->functions[i]);
}

static struct profile_line *translate_lines(const struct translation *t,
					    const struct profile_location *location)
{
	struct profile_line *lines = xcalloc(location->line_count, sizeof(*lines));

	for (size_t i = 0; i < location->line_count; i++) {
		lines[i] = location->lines[i];
		if (lines[i].function)
			lines[i].function = t->functions[lines[i].function - 1];
	}
	return lines;
}

static void merge_locations(struct translation *t)
{
	for (size_t i = 0; i < t->from->location_count; i++) {
		struct profile_location location = t->from->locations[i];

		if (location.mapping) {
			uint64_t from = location.mapping;
			uint64_t into = t->mappings[from - 1];

			location.mapping = into;
			location.address += t->into->mappings[into - 1].start -
					    t->from->mappings[from - 1].start;
		}
		location.lines = translate_lines(t, &location);
		t->locations[i] = profile_add_location(t->into, &location);
		free(location.lines);
	}
}

static void merge_samples(struct translation *t)
{
	for (size_t i = 0; i < t->from->sample_count; i++) {
		struct profile_sample sample = t->from->samples[i];
		uint64_t *locations = xcalloc(sample.location_count, sizeof(*locations));

		for (size_t j = 0; j < sample.location_count; j++)
			locations[j] = t->locations[sample.locations[j] - 1];
		sample.locations = locations;
		profile_add_sample(t->into, &sample);
		free(locations);
	}
}

static void merge_header(struct profile *into, const struct profile *from)
{
	if (from->time_nanos && (!into->time_nanos || from->time_nanos < into->time_nanos))
		into->time_nanos = from->time_nanos;
	into->duration_nanos = sum_saturating(into->duration_nanos, from->duration_nanos);
	for (size_t i = 0; i < from->comment_count; i++) {
		bool known = false;

		for (size_t j = 0; j < into->comment_count && !known; j++)
			known = strcmp(into->comments[j], from->comments[i]) == 0;
		if (!known)
			profile_add_comment(into, from->comments[i]);
	}
}

int profile_merge(struct profile *into, const struct profile *from)
{
	struct translation t = {.into = into, .from = from};

	if (!same_types(into, from))
		return -EINVAL;
	t.mappings = xcalloc(from->mapping_count, sizeof(*t.mappings));
	t.functions = xcalloc(from->function_count, sizeof(*t.functions));
	t.locations = xcalloc(from->location_count, sizeof(*t.locations));
	merge_mappings(&t);
	merge_functions(&t);
	merge_locations(&t);
	merge_samples(&t);
	merge_header(into, from);
	free(t.mappings);
	free(t.functions);
	free(t.locations);
	return 0;
}
