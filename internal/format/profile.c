/* SPDX-License-Identifier: MIT */
#include "format/profile.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/xalloc.h"
#include "format/profile_index.h"

struct profile *profile_new(void)
{
	struct profile *profile = xcalloc(1, sizeof(*profile));

	profile->index = xcalloc(1, sizeof(*profile->index));
	profile->default_type = profile_string(profile, "");
	profile->period_type.type = profile->default_type;
	profile->period_type.unit = profile->default_type;
	return profile;
}

struct profile *profile_new_like(const struct profile *model)
{
	struct profile *profile = profile_new();

	for (size_t i = 0; i < model->type_count; i++)
		profile_add_type(profile, model->types[i].type, model->types[i].unit);
	profile->default_type = profile_string(profile, model->default_type);
	profile->period_type.type = profile_string(profile, model->period_type.type);
	profile->period_type.unit = profile_string(profile, model->period_type.unit);
	profile->period = model->period;
	return profile;
}

void profile_free(struct profile *profile)
{
	struct profile_index *index = profile ? profile->index : NULL;

	if (!profile)
		return;
	set_free(&index->string_set);
	set_free(&index->mapping_set);
	set_free(&index->function_set);
	set_free(&index->location_set);
	set_free(&index->sample_set);
	arena_free(&index->arena);
	free(index->strings);
	free(index);
	free(profile->comments);
	free(profile->mappings);
	free(profile->functions);
	free(profile->locations);
	free(profile->samples);
	free(profile);
}

static bool same_string(const void *things, uint32_t number, const void *wanted)
{
	const struct profile_index *index = things;

	return strcmp(index->strings[number - 1], wanted) == 0;
}

const char *profile_string(struct profile *profile, const char *text)
{
	struct profile_index *index = profile->index;
	size_t size = strlen(text) + 1;
	uint32_t number = set_find(&index->string_set, hash_bytes(HASH_START, text, size),
				   same_string, index, text, (uint32_t)index->string_count + 1);

	if (number <= index->string_count)
		return index->strings[number - 1];
	index->strings = xgrow(index->strings, index->string_count, &index->string_cap,
			       sizeof(*index->strings));
	index->strings[index->string_count++] = arena_copy(&index->arena, text, size, 1);
	return index->strings[number - 1];
}

void profile_add_type(struct profile *profile, const char *type, const char *unit)
{
	struct profile_value_type *added = &profile->types[profile->type_count];

	assert(profile->type_count < PROFILE_MAX_VALUES && !profile->sample_count);
	profile->type_count++;
	added->type = profile_string(profile, type);
	added->unit = profile_string(profile, unit);
}

void profile_add_comment(struct profile *profile, const char *text)
{
	profile->comments = xgrow(profile->comments, profile->comment_count,
				  &profile->index->comment_cap, sizeof(*profile->comments));
	profile->comments[profile->comment_count++] = profile_string(profile, text);
}

/* The strings of what is compared below are interned: equal ones have equal pointers. */

static bool same_mapping(const void *things, uint32_t number, const void *wanted)
{
	const struct profile_mapping *a = &((const struct profile *)things)->mappings[number - 1];
	const struct profile_mapping *b = wanted;

	return a->start == b->start && a->limit == b->limit && a->offset == b->offset &&
	       a->path == b->path && a->build_id == b->build_id;
}

uint64_t profile_add_mapping(struct profile *profile, const struct profile_mapping *mapping)
{
	struct profile_mapping item = *mapping;
	uint64_t hash;
	uint32_t id;

	item.path = profile_string(profile, mapping->path);
	item.build_id = profile_string(profile, mapping->build_id);
	hash = hash_word(hash_word(HASH_START, item.start), (uintptr_t)item.path);
	id = set_find(&profile->index->mapping_set, hash, same_mapping, profile, &item,
		      (uint32_t)profile->mapping_count + 1);
	if (id <= profile->mapping_count)
		return id;
	profile->mappings = xgrow(profile->mappings, profile->mapping_count,
				  &profile->index->mapping_cap, sizeof(item));
	profile->mappings[profile->mapping_count++] = item;
	return id;
}

static bool same_function(const void *things, uint32_t number, const void *wanted)
{
	const struct profile_function *a = &((const struct profile *)things)->functions[number - 1];
	const struct profile_function *b = wanted;

	return a->name == b->name && a->system_name == b->system_name && a->file == b->file &&
	       a->start_line == b->start_line;
}

uint64_t profile_add_function(struct profile *profile, const struct profile_function *function)
{
	struct profile_function item = *function;
	uint64_t hash;
	uint32_t id;

	item.name = profile_string(profile, function->name);
	item.system_name = profile_string(profile, function->system_name);
	item.file = profile_string(profile, function->file);
	hash = hash_word(hash_word(HASH_START, (uintptr_t)item.name), (uintptr_t)item.file);
	hash = hash_word(hash, (uint64_t)item.start_line);
	id = set_find(&profile->index->function_set, hash, same_function, profile, &item,
		      (uint32_t)profile->function_count + 1);
	if (id <= profile->function_count)
		return id;
	profile->functions = xgrow(profile->functions, profile->function_count,
				   &profile->index->function_cap, sizeof(item));
	profile->functions[profile->function_count++] = item;
	return id;
}

static bool same_location(const void *things, uint32_t number, const void *wanted)
{
	const struct profile_location *a = &((const struct profile *)things)->locations[number - 1];
	const struct profile_location *b = wanted;

	if (a->mapping != b->mapping || a->address != b->address || a->line_count != b->line_count)
		return false;
	for (size_t i = 0; i < a->line_count; i++) {
		if (a->lines[i].function != b->lines[i].function ||
		    a->lines[i].line != b->lines[i].line)
			return false;
	}
	return true;
}

uint64_t profile_add_location(struct profile *profile, const struct profile_location *location)
{
	struct profile_index *index = profile->index;
	uint64_t hash = hash_word(hash_word(HASH_START, location->mapping), location->address);
	struct profile_location *added;
	uint32_t id;

	assert(location->mapping <= profile->mapping_count);
	for (size_t i = 0; i < location->line_count; i++) {
		assert(location->lines[i].function <= profile->function_count);
		hash = hash_word(hash, location->lines[i].function);
		hash = hash_word(hash, (uint64_t)location->lines[i].line);
	}
	id = set_find(&index->location_set, hash, same_location, profile, location,
		      (uint32_t)profile->location_count + 1);
	if (id <= profile->location_count)
		return id;
	profile->locations = xgrow(profile->locations, profile->location_count,
				   &index->location_cap, sizeof(*profile->locations));
	added = &profile->locations[profile->location_count++];
	*added = *location;
	added->lines = arena_copy(&index->arena, location->lines, location->line_count,
				  sizeof(*location->lines));
	return id;
}
