/* SPDX-License-Identifier: MIT */
#include "tool/profile/leaks.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/common/human.h"
#include "tool/profile/kinds.h"

static void add_frames(struct leak *leak, const struct profile *profile, uint64_t location_id)
{
	const struct profile_location *location = &profile->locations[location_id - 1];

	for (size_t i = 0; i < location->line_count && leak->frame_count < LEAKS_FRAMES; i++) {
		const struct profile_line *line = &location->lines[i];
		const struct profile_function *function;

		if (line->function == 0)
			continue;
		function = &profile->functions[line->function - 1];
		leak->frames[leak->frame_count++] =
			(struct leak_frame){function->name, function->file, line->line};
	}
}

/* Strings are interned: equal ones have one address. */
static bool is_same_site(const struct leak *a, const struct leak *b)
{
	if (a->frame_count != b->frame_count)
		return false;
	for (size_t i = 0; i < a->frame_count; i++)
		if (a->frames[i].function != b->frames[i].function ||
		    a->frames[i].file != b->frames[i].file ||
		    a->frames[i].line != b->frames[i].line)
			return false;
	return true;
}

static void add_leak(struct leaks *leaks, size_t *cap, const struct leak *leak)
{
	leaks->blocks += leak->blocks;
	leaks->bytes += leak->bytes;
	for (size_t i = 0; i < leaks->count; i++) {
		if (is_same_site(&leaks->items[i], leak)) {
			leaks->items[i].blocks += leak->blocks;
			leaks->items[i].bytes += leak->bytes;
			return;
		}
	}
	leaks->items = xgrow(leaks->items, leaks->count, cap, sizeof *leaks->items);
	leaks->items[leaks->count++] = *leak;
}

/* A thread's stack and its table of thread-local storage go to a cache of the C library when it ends: every test that
 * starts threads would seem to leak. */
static bool is_of_thread_cache(const struct leak *leak)
{
	for (size_t i = 0; i < leak->frame_count; i++)
		if (strcmp(leak->frames[i].function, "_dl_allocate_tls") == 0)
			return true;
	return false;
}

static int by_bytes(const void *left, const void *right)
{
	const struct leak *a = left, *b = right;

	return a->bytes > b->bytes ? -1 : a->bytes < b->bytes;
}

struct leaks leaks_of(const struct profile *mem)
{
	int objects = kind_type_index(mem, "inuse_objects"),
	    space = kind_type_index(mem, "inuse_space");
	struct leaks leaks = {0, 0, 0, NULL};
	size_t cap = 0;

	if (objects < 0 || space < 0)
		return leaks;
	for (size_t i = 0; i < mem->sample_count; i++) {
		const struct profile_sample *sample = &mem->samples[i];
		struct leak leak = {.blocks = sample->values[objects],
				    .bytes = sample->values[space]};

		if (leak.blocks <= 0)
			continue;
		for (size_t j = 0; j < sample->location_count; j++)
			add_frames(&leak, mem, sample->locations[j]);
		if (!is_of_thread_cache(&leak))
			add_leak(&leaks, &cap, &leak);
	}
	if (leaks.count > 0)
		qsort(leaks.items, leaks.count, sizeof *leaks.items, by_bytes);
	return leaks;
}

void leaks_free(struct leaks *leaks)
{
	free(leaks->items);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

void leaks_print(FILE *stream, const struct leaks *leaks, size_t rows)
{
	for (size_t i = 0; i < leaks->count && i < rows; i++) {
		const struct leak *leak = &leaks->items[i];
		char bytes[HUMAN_SIZE];

		fprintf(stream, "%10s in %" PRId64 " %s  ",
			human_value(bytes, sizeof bytes, leak->bytes, "bytes"), leak->blocks,
			leak->blocks == 1 ? "block " : "blocks");
		for (size_t j = 0; j < leak->frame_count; j++) {
			fprintf(stream, "%s%s", j > 0 ? " < " : "", leak->frames[j].function);
			if (leak->frames[j].line != 0)
				fprintf(stream, " %s:%" PRId64, base_name(leak->frames[j].file),
					leak->frames[j].line);
		}
		putc('\n', stream);
	}
	if (rows < leaks->count)
		fprintf(stream, "%10s %zu more places\n", "...", leaks->count - rows);
}
