/* SPDX-License-Identifier: MIT */
#include "tool/profile/frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/xalloc.h"

static bool same_frame(const void *things, uint32_t number, const void *wanted)
{
	const struct frame *a = &((const struct frames *)things)->frames[number - 1];
	const struct frame *b = wanted;

	return strcmp(a->name, b->name) == 0 && strcmp(a->file, b->file) == 0;
}

/* The place of a name and file, added when it is new. */
static uint32_t place_of(struct frames *frames, const struct frame *wanted)
{
	uint64_t hash = hash_bytes(HASH_START, wanted->name, strlen(wanted->name) + 1);
	uint32_t number;

	hash = hash_bytes(hash, wanted->file, strlen(wanted->file));
	number = set_find(&frames->set, hash, same_frame, frames, wanted,
			  (uint32_t)frames->count + 1);
	if (number > frames->count) {
		frames->frames =
			xgrow(frames->frames, frames->count, &frames->cap, sizeof(*frames->frames));
		frames->frames[frames->count++] = *wanted;
	}
	return number - 1;
}

static uint32_t place_of_function(struct frames *frames, const struct profile_function *function)
{
	struct frame frame = {
		.name = function->name, .file = function->file, .line = function->start_line};

	if (!*frame.name)
		frame.name = "<unknown>";
	return place_of(frames, &frame);
}

/* "[libfoo.so]", as pprof calls what has no name. */
static const char *name_of_mapping(struct frames *frames, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	size_t size = strlen(base) + 3;
	char *name;

	if (!*base)
		return "<unknown>";
	if (*base == '[')
		return base; /* "[vdso]" */
	name = arena_get(&frames->names, size, 1);
	snprintf(name, size, "[%s]", base);
	return name;
}

static uint32_t place_of_mapping(struct frames *frames, const char *path)
{
	struct frame frame = {.name = name_of_mapping(frames, path), .file = ""};

	return place_of(frames, &frame);
}

struct frames_of frames_add(struct frames *frames, const struct profile *profile)
{
	struct frames_of of = {
		.profile = profile,
		.functions = xmalloc(profile->function_count * sizeof(*of.functions)),
		.mappings = xmalloc((profile->mapping_count + 1) * sizeof(*of.mappings)),
	};

	for (size_t i = 0; i < profile->function_count; i++)
		of.functions[i] = place_of_function(frames, &profile->functions[i]);
	of.mappings[0] = place_of_mapping(frames, "");
	for (size_t i = 0; i < profile->mapping_count; i++)
		of.mappings[i + 1] = place_of_mapping(frames, profile->mappings[i].path);
	return of;
}

static void push(struct frames_stack *stack, uint32_t frame, bool is_inlined)
{
	stack->calls = xgrow(stack->calls, stack->len, &stack->cap, sizeof(*stack->calls));
	stack->calls[stack->len++] = (struct frames_call){frame, is_inlined};
}

void frames_expand(const struct frames_of *of, const struct profile_sample *sample,
		   struct frames_stack *stack)
{
	stack->len = 0;
	for (size_t i = 0; i < sample->location_count; i++) {
		const struct profile_location *location =
			&of->profile->locations[sample->locations[i] - 1];

		for (size_t j = 0; j < location->line_count; j++)
			push(stack, of->functions[location->lines[j].function - 1],
			     j + 1 < location->line_count);
		if (location->line_count == 0)
			push(stack, of->mappings[location->mapping], false);
	}
}

const char *frames_short_file(const char *file, const char *cwd)
{
	size_t len = strlen(cwd);

	return len > 1 && strncmp(file, cwd, len) == 0 && file[len] == '/' ? file + len + 1 : file;
}

void frames_of_free(struct frames_of *of)
{
	free(of->functions);
	free(of->mappings);
}

void frames_free(struct frames *frames)
{
	arena_free(&frames->names);
	set_free(&frames->set);
	free(frames->frames);
}
