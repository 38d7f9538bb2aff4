/* SPDX-License-Identifier: MIT */
#include "tool/profile/stack_places.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* What is known of one address. */
struct place {
	uint64_t ip;
	uint32_t epoch;
	bool is_known; /* the slot is in use */
	bool is_runtime, is_allocator;
	uint64_t name; /* the namer's */
};

struct stack_places {
	const struct recording *recording;
	struct sym *sym;
	enum stack_leaf leaf;
	struct stack_namer namer;
	struct stack_mapping *mappings; /* sorted by start */
	size_t mapping_count;
	struct place *places; /* open addressing */
	size_t place_count, place_cap;
	uint64_t *stack;
	size_t stack_cap;
};

static int by_start(const void *left, const void *right)
{
	const struct stack_mapping *a = left, *b = right;

	return a->item.start < b->item.start ? -1 : a->item.start > b->item.start;
}

static void read_mappings(struct stack_places *places)
{
	uint32_t count = recording_len(places->recording, REC_MAPPINGS);

	places->mappings = xcalloc(count + 1, sizeof *places->mappings);
	for (uint32_t i = 0; i < count; i++) {
		const struct rec_mapping *item =
			&recording_table(places->recording, MAPPINGS, struct rec_mapping)[i];

		if (item->limit > item->start)
			places->mappings[places->mapping_count++].item = *item;
	}
	qsort(places->mappings, places->mapping_count, sizeof *places->mappings, by_start);
}

static bool base_name_starts(const char *path, const char *prefix)
{
	const char *slash = strrchr(path, '/');

	return strncmp(slash != NULL ? slash + 1 : path, prefix, strlen(prefix)) == 0;
}

static void mapping_prepare(struct stack_places *places, struct stack_mapping *mapping)
{
	const struct rec_mapping *item = &mapping->item;

	mapping->path = recording_string(places->recording, item->path);
	mapping->build_id_len = item->build_id_len;
	if (mapping->build_id_len > sizeof item->build_id)
		mapping->build_id_len = 0;
	mapping->module =
		sym_module(places->sym, mapping->path, item->build_id, mapping->build_id_len);
	mapping->is_runtime = base_name_starts(mapping->path, "libpprofmk");
	mapping->is_allocator = base_name_starts(mapping->path, "libtcmalloc");
	if (places->namer.prepare != NULL)
		places->namer.prepare(places->namer.context, mapping);
	mapping->is_prepared = true;
}

/* The program itself, which the runtime notes first, is the first mapping that is met: pprof names a profile after it. */
static void prepare_program(struct stack_places *places)
{
	uint64_t start;

	if (recording_len(places->recording, REC_MAPPINGS) == 0)
		return;
	start = recording_table(places->recording, MAPPINGS, struct rec_mapping)->start;
	for (size_t i = 0; i < places->mapping_count; i++) {
		if (places->mappings[i].item.start != start || places->mappings[i].is_prepared)
			continue;
		mapping_prepare(places, &places->mappings[i]);
		return;
	}
}

struct stack_places *stack_places_new(const struct recording *recording, struct sym *sym,
				      enum stack_leaf leaf, const struct stack_namer *namer)
{
	struct stack_places *places = xcalloc(1, sizeof *places);

	places->recording = recording;
	places->sym = sym;
	places->leaf = leaf;
	places->namer = *namer;
	places->place_cap = 64;
	places->places = xcalloc(places->place_cap, sizeof *places->places);
	read_mappings(places);
	prepare_program(places);
	return places;
}

void stack_places_free(struct stack_places *places)
{
	free(places->mappings);
	free(places->places);
	free(places->stack);
	free(places);
}

/* The last mapping that begins at or below the address and was there in that epoch. */
static struct stack_mapping *mapping_find(struct stack_places *places, uint64_t ip, uint32_t epoch)
{
	size_t low = 0, high = places->mapping_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (places->mappings[middle].item.start <= ip)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low > 0; low--) {
		struct stack_mapping *mapping = &places->mappings[low - 1];

		if (ip < mapping->item.limit && epoch >= mapping->item.epoch_from &&
		    epoch < mapping->item.epoch_to) {
			if (!mapping->is_prepared)
				mapping_prepare(places, mapping);
			return mapping;
		}
	}
	return NULL;
}

const struct stack_mapping *stack_places_mapping(struct stack_places *places, uint64_t ip)
{
	return mapping_find(places, ip, atomic_load(&places->recording->rec->state.epoch));
}

uint64_t stack_offset(const struct stack_mapping *mapping, uint64_t ip)
{
	return mapping->item.offset + ip - mapping->item.start;
}

char *stack_unnamed(const struct stack_mapping *mapping, uint64_t ip)
{
	const char *path = mapping != NULL ? mapping->path : "";
	const char *slash = strrchr(path, '/');
	uint64_t offset = mapping != NULL ? stack_offset(mapping, ip) : ip;

	return xasprintf("%s+0x%llx",
			 mapping == NULL ? "[unknown]"
			 : slash != NULL ? slash + 1
					 : path,
			 (unsigned long long)offset);
}

static struct place *place_slot(struct place *places, size_t cap, uint64_t ip, uint32_t epoch)
{
	size_t at = (size_t)((ip + epoch) * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (cap - 1);

	while (places[at].is_known && (places[at].ip != ip || places[at].epoch != epoch))
		at = (at + 1) & (cap - 1);
	return &places[at];
}

static void places_grow(struct stack_places *places)
{
	size_t cap = places->place_cap * 2;
	struct place *more = xcalloc(cap, sizeof *more);

	for (size_t i = 0; i < places->place_cap; i++)
		if (places->places[i].is_known)
			*place_slot(more, cap, places->places[i].ip, places->places[i].epoch) =
				places->places[i];
	free(places->places);
	places->places = more;
	places->place_cap = cap;
}

static void place_name(struct stack_places *places, struct place *place)
{
	const struct stack_mapping *mapping = mapping_find(places, place->ip, place->epoch);

	if (mapping != NULL) {
		place->is_runtime = mapping->is_runtime;
		place->is_allocator = mapping->is_allocator;
	}
	place->name = places->namer.name(places->namer.context, mapping, place->ip);
}

static const struct place *place_of(struct stack_places *places, uint64_t ip, uint32_t epoch)
{
	struct place *place = place_slot(places->places, places->place_cap, ip, epoch);

	if (place->is_known)
		return place;
	if (places->place_count * 2 >= places->place_cap) {
		places_grow(places);
		place = place_slot(places->places, places->place_cap, ip, epoch);
	}
	*place = (struct place){.ip = ip, .epoch = epoch, .is_known = true};
	places->place_count++;
	place_name(places, place);
	return place;
}

static void push(struct stack_places *places, size_t *count, uint64_t name)
{
	places->stack = xgrow(places->stack, *count, &places->stack_cap, sizeof *places->stack);
	places->stack[(*count)++] = name;
}

/* Is this frame ours or the allocator's, between the user's code and the event? */
static bool is_left_out(const struct stack_places *places, const struct place *place,
			bool is_leaf_side)
{
	return place->is_runtime ||
	       (is_leaf_side && place->is_allocator && places->leaf == STACK_LEAF_ALLOCATOR);
}

uint64_t *stack_places_walk(struct stack_places *places, uint32_t node, size_t *count)
{
	const struct rec_node *nodes = recording_table(places->recording, NODES, struct rec_node);
	uint32_t len = recording_len(places->recording, REC_NODES);
	uint64_t wrapper = 0;
	bool is_leaf_side = true, has_wrapper = false;

	*count = 0;
	while (node != 0 && node < len) {
		const struct place *place = place_of(places, nodes[node].ip, nodes[node].epoch);

		if (!is_left_out(places, place, is_leaf_side)) {
			if (is_leaf_side && has_wrapper && places->leaf == STACK_LEAF_WRAPPER)
				push(places, count, wrapper);
			is_leaf_side = false;
			push(places, count, place->name);
		} else if (is_leaf_side) {
			wrapper = place->name;
			has_wrapper = true;
		}
		/* A parent is always older than its child: a torn item can't make this endless. */
		if (nodes[node].parent >= node)
			break;
		node = nodes[node].parent;
	}
	return places->stack;
}
