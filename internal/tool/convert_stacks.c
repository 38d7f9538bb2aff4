/* SPDX-License-Identifier: MIT */
#include "tool/convert_stacks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { MAX_INLINED = 32 };

/* What is known of one address. */
struct place {
	uint64_t ip;
	uint32_t epoch;
	bool is_known; /* the slot is in use */
	bool is_runtime, is_allocator;
	uint64_t location; /* id */
};

struct mapping {
	struct rec_mapping item;
	size_t module; /* of sym */
	uint64_t id;   /* of the profile */
	bool is_runtime, is_allocator, is_prepared;
};

struct convert_stacks {
	const struct recording *recording;
	struct sym *sym;
	struct profile *profile;
	enum convert_leaf leaf;
	struct mapping *mappings; /* sorted by start */
	size_t mapping_count;
	struct place *places; /* open addressing */
	size_t place_count, place_cap;
	uint64_t *stack;
	size_t stack_cap;
};

static int by_start(const void *left, const void *right)
{
	const struct mapping *a = left, *b = right;

	return a->item.start < b->item.start ? -1 : a->item.start > b->item.start;
}

static void read_mappings(struct convert_stacks *stacks)
{
	uint32_t count = recording_len(stacks->recording, REC_MAPPINGS);

	stacks->mappings = xcalloc(count + 1, sizeof *stacks->mappings);
	for (uint32_t i = 0; i < count; i++) {
		const struct rec_mapping *item =
			&recording_table(stacks->recording, MAPPINGS, struct rec_mapping)[i];

		if (item->limit > item->start)
			stacks->mappings[stacks->mapping_count++].item = *item;
	}
	qsort(stacks->mappings, stacks->mapping_count, sizeof *stacks->mappings, by_start);
}

static void mapping_prepare(struct convert_stacks *stacks, struct mapping *mapping);

/* The program itself, which the runtime notes first, is the profile's first mapping: pprof names the profile after it. */
static void prepare_program(struct convert_stacks *stacks)
{
	uint64_t start = recording_table(stacks->recording, MAPPINGS, struct rec_mapping)->start;

	for (size_t i = 0; i < stacks->mapping_count; i++) {
		if (stacks->mappings[i].item.start != start || stacks->mappings[i].is_prepared)
			continue;
		mapping_prepare(stacks, &stacks->mappings[i]);
		return;
	}
}

struct convert_stacks *convert_stacks_new(const struct recording *recording, struct sym *sym,
					  struct profile *profile, enum convert_leaf leaf)
{
	struct convert_stacks *stacks = xcalloc(1, sizeof *stacks);

	stacks->recording = recording;
	stacks->sym = sym;
	stacks->profile = profile;
	stacks->leaf = leaf;
	stacks->place_cap = 1024;
	stacks->places = xcalloc(stacks->place_cap, sizeof *stacks->places);
	read_mappings(stacks);
	prepare_program(stacks);
	return stacks;
}

void convert_stacks_free(struct convert_stacks *stacks)
{
	free(stacks->mappings);
	free(stacks->places);
	free(stacks->stack);
	free(stacks);
}

static bool base_name_starts(const char *path, const char *prefix)
{
	const char *slash = strrchr(path, '/');

	return strncmp(slash != NULL ? slash + 1 : path, prefix, strlen(prefix)) == 0;
}

static void mapping_prepare(struct convert_stacks *stacks, struct mapping *mapping)
{
	const struct rec_mapping *item = &mapping->item;
	const char *path = recording_string(stacks->recording, item->path);
	size_t build_id_len = item->build_id_len;
	char build_id[2 * sizeof item->build_id + 1] = "";
	enum sym_level level;

	if (build_id_len > sizeof item->build_id)
		build_id_len = 0;
	for (size_t i = 0; i < build_id_len; i++)
		snprintf(build_id + 2 * i, 3, "%02x", item->build_id[i]);
	mapping->module = sym_module(stacks->sym, path, item->build_id, build_id_len);
	mapping->is_runtime = base_name_starts(path, "libpprofmk");
	mapping->is_allocator = base_name_starts(path, "libtcmalloc");
	level = sym_level(stacks->sym, mapping->module);
	/* has_functions on all: pprof would otherwise start its own, slow naming of the whole profile. */
	mapping->id = profile_add_mapping(
		stacks->profile, &(struct profile_mapping){.start = item->start,
							   .limit = item->limit,
							   .offset = item->offset,
							   .path = path,
							   .build_id = build_id,
							   .has_functions = 1,
							   .has_filenames = level >= SYM_LINES,
							   .has_lines = level >= SYM_LINES,
							   .has_inlines = level >= SYM_INLINES});
	mapping->is_prepared = true;
}

/* The last mapping that begins at or below the address and was there in that epoch. */
static struct mapping *mapping_find(struct convert_stacks *stacks, uint64_t ip, uint32_t epoch)
{
	size_t low = 0, high = stacks->mapping_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (stacks->mappings[middle].item.start <= ip)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low > 0; low--) {
		struct mapping *mapping = &stacks->mappings[low - 1];

		if (ip < mapping->item.limit && epoch >= mapping->item.epoch_from &&
		    epoch < mapping->item.epoch_to) {
			if (!mapping->is_prepared)
				mapping_prepare(stacks, mapping);
			return mapping;
		}
	}
	return NULL;
}

static size_t lines_of(struct convert_stacks *stacks, const struct mapping *mapping, uint64_t ip,
		       struct profile_line *lines)
{
	struct sym_frame frames[MAX_INLINED];
	size_t count =
		sym_lookup(stacks->sym, mapping->module,
			   mapping->item.offset + ip - mapping->item.start, frames, MAX_INLINED);

	for (size_t i = 0; i < count; i++) {
		struct profile_function function = {frames[i].function, frames[i].linkage,
						    frames[i].file, frames[i].start_line};

		lines[i].function = profile_add_function(stacks->profile, &function);
		lines[i].line = frames[i].line;
	}
	return count;
}

/* An address without a name is called by its file and offset, which a person can give to addr2line. */
static size_t line_of_unnamed(struct convert_stacks *stacks, const struct mapping *mapping,
			      uint64_t ip, struct profile_line *line)
{
	const char *path =
		mapping != NULL ? recording_string(stacks->recording, mapping->item.path) : "";
	const char *slash = strrchr(path, '/');
	uint64_t offset = mapping != NULL ? mapping->item.offset + ip - mapping->item.start : ip;
	char *name = xasprintf("%s+0x%llx",
			       mapping == NULL ? "[unknown]"
			       : slash != NULL ? slash + 1
					       : path,
			       (unsigned long long)offset);
	struct profile_function function = {name, name, "", 0};

	line->function = profile_add_function(stacks->profile, &function);
	line->line = 0;
	free(name);
	return 1;
}

static size_t wrapper_line(struct convert_stacks *stacks, const struct profile_line *outermost,
			   struct profile_line *line)
{
	const char *name = stacks->profile->functions[outermost->function - 1].system_name;
	struct profile_function function = {name, name, "", 0};

	*line = (struct profile_line){profile_add_function(stacks->profile, &function), 0};
	return 1;
}

static void place_name(struct convert_stacks *stacks, struct place *place)
{
	struct mapping *mapping = mapping_find(stacks, place->ip, place->epoch);
	struct profile_line lines[MAX_INLINED];
	struct profile_location location = {.address = place->ip, .lines = lines};

	if (mapping != NULL) {
		location.mapping = mapping->id;
		place->is_runtime = mapping->is_runtime;
		place->is_allocator = mapping->is_allocator;
		location.line_count = lines_of(stacks, mapping, place->ip, lines);
	}
	/* Of ours only the wrapper's name means something to the user: the outermost, without our source. */
	if (place->is_runtime && location.line_count > 0)
		location.line_count = wrapper_line(stacks, &lines[location.line_count - 1], lines);
	if (location.line_count == 0)
		location.line_count = line_of_unnamed(stacks, mapping, place->ip, lines);
	place->location = profile_add_location(stacks->profile, &location);
}

static struct place *place_slot(struct place *places, size_t cap, uint64_t ip, uint32_t epoch)
{
	size_t at = (size_t)((ip + epoch) * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (cap - 1);

	while (places[at].is_known && (places[at].ip != ip || places[at].epoch != epoch))
		at = (at + 1) & (cap - 1);
	return &places[at];
}

static void places_grow(struct convert_stacks *stacks)
{
	size_t cap = stacks->place_cap * 2;
	struct place *places = xcalloc(cap, sizeof *places);

	for (size_t i = 0; i < stacks->place_cap; i++)
		if (stacks->places[i].is_known)
			*place_slot(places, cap, stacks->places[i].ip, stacks->places[i].epoch) =
				stacks->places[i];
	free(stacks->places);
	stacks->places = places;
	stacks->place_cap = cap;
}

static const struct place *place_of(struct convert_stacks *stacks, uint64_t ip, uint32_t epoch)
{
	struct place *place = place_slot(stacks->places, stacks->place_cap, ip, epoch);

	if (place->is_known)
		return place;
	if (stacks->place_count * 2 >= stacks->place_cap) {
		places_grow(stacks);
		place = place_slot(stacks->places, stacks->place_cap, ip, epoch);
	}
	*place = (struct place){.ip = ip, .epoch = epoch, .is_known = true};
	stacks->place_count++;
	place_name(stacks, place);
	return place;
}

static void push(struct convert_stacks *stacks, size_t *count, uint64_t location)
{
	stacks->stack = xgrow(stacks->stack, *count, &stacks->stack_cap, sizeof *stacks->stack);
	stacks->stack[(*count)++] = location;
}

/* Is this frame ours or the allocator's, between the user's code and the event? */
static bool is_left_out(const struct convert_stacks *stacks, const struct place *place,
			bool is_leaf_side)
{
	return place->is_runtime ||
	       (is_leaf_side && place->is_allocator && stacks->leaf == CONVERT_LEAF_ALLOCATOR);
}

uint64_t *convert_stack(struct convert_stacks *stacks, uint32_t node, size_t *count)
{
	const struct rec_node *nodes = recording_table(stacks->recording, NODES, struct rec_node);
	uint32_t len = recording_len(stacks->recording, REC_NODES);
	uint64_t wrapper = 0;
	bool is_leaf_side = true;

	*count = 0;
	while (node != 0 && node < len) {
		const struct place *place = place_of(stacks, nodes[node].ip, nodes[node].epoch);

		if (!is_left_out(stacks, place, is_leaf_side)) {
			if (is_leaf_side && wrapper != 0 && stacks->leaf == CONVERT_LEAF_WRAPPER)
				push(stacks, count, wrapper);
			is_leaf_side = false;
			push(stacks, count, place->location);
		} else if (is_leaf_side) {
			wrapper = place->location;
		}
		/* A parent is always older than its child: a torn item can't make this endless. */
		if (nodes[node].parent >= node)
			break;
		node = nodes[node].parent;
	}
	return stacks->stack;
}
