/* SPDX-License-Identifier: MIT */
#include "tool/picture/flame.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/sum.h"
#include "base/xalloc.h"

/* A tenth of a pixel of 1,000: what zooming in ten times still shows. */
#define SMALLEST_PART 10000

static bool same_call(const void *things, uint32_t number, const void *wanted)
{
	const struct flame_node *a = &((const struct flame *)things)->nodes[number];
	const struct flame_node *b = wanted;

	return a->parent == b->parent && a->frame == b->frame && a->is_inlined == b->is_inlined;
}

static uint32_t push_node(struct flame *flame, const struct flame_node *node)
{
	flame->nodes = xgrow(flame->nodes, flame->count, &flame->cap, sizeof(*flame->nodes));
	flame->nodes[flame->count] = *node;
	return (uint32_t)flame->count++;
}

struct flame *flame_new(void)
{
	struct flame *flame = xcalloc(1, sizeof(*flame));

	push_node(flame, &(struct flame_node){0});
	return flame;
}

void flame_free(struct flame *flame)
{
	if (!flame)
		return;
	frames_free(&flame->frames);
	set_free(&flame->set);
	free(flame->nodes);
	free(flame);
}

/* The node of a call from `parent`, added when it is new. */
static uint32_t child_of(struct flame *flame, uint32_t parent, struct frames_call call)
{
	struct flame_node wanted = {
		.parent = parent, .frame = call.frame, .is_inlined = call.is_inlined};
	uint64_t key = ((uint64_t)parent << 32 | call.frame) * 2 + call.is_inlined;
	uint32_t number = set_find(&flame->set, hash_word(hash_word(HASH_START, key), parent),
				   same_call, flame, &wanted, (uint32_t)flame->count);

	return number == flame->count ? push_node(flame, &wanted) : number;
}

static void add_value(struct flame_node *node, enum flame_side side, int64_t value)
{
	node->value[side] = sum_saturating(node->value[side], value);
}

void flame_add(struct flame *flame, const struct profile *profile, size_t type,
	       enum flame_side side)
{
	struct frames_of of = frames_add(&flame->frames, profile);
	struct frames_stack stack = {0};

	for (size_t i = 0; i < profile->sample_count; i++) {
		int64_t value = sum_magnitude(profile->samples[i].values[type]);
		uint32_t node = 0;

		if (value == 0)
			continue;
		frames_expand(&of, &profile->samples[i], &stack);
		add_value(&flame->nodes[0], side, value);
		while (stack.len) {
			node = child_of(flame, node, stack.calls[--stack.len]);
			add_value(&flame->nodes[node], side, value);
		}
		flame->nodes[node].self[side] =
			sum_saturating(flame->nodes[node].self[side], value);
	}
	free(stack.calls);
	frames_of_free(&of);
}

static int by_number(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int by_value(const struct flame_node *a, const struct flame_node *b)
{
	int order = by_number(b->value[FLAME_NEW], a->value[FLAME_NEW]);

	return order ? order : by_number(b->value[FLAME_BASE], a->value[FLAME_BASE]);
}

/* Children of one parent together, in the order that flame_sort() promises. */
static int by_parent(const void *left, const void *right, void *things)
{
	const struct flame *flame = things;
	const struct flame_node *a = &flame->nodes[*(const uint32_t *)left];
	const struct flame_node *b = &flame->nodes[*(const uint32_t *)right];
	const struct frame *x = &flame->frames.frames[a->frame];
	const struct frame *y = &flame->frames.frames[b->frame];
	int order = by_number(a->parent, b->parent);

	order = order ? order : by_value(a, b);
	order = order ? order : strcmp(x->name, y->name);
	order = order ? order : strcmp(x->file, y->file);
	return order ? order : a->is_inlined - b->is_inlined;
}

/* All nodes but the root. The caller frees them. */
static uint32_t *all_places(const struct flame *flame)
{
	uint32_t *places = xmalloc(flame->count * sizeof(*places));

	for (size_t i = 1; i < flame->count; i++)
		places[i - 1] = (uint32_t)i;
	return places;
}

void flame_sort(struct flame *flame)
{
	uint32_t *places = all_places(flame);

	qsort_r(places, flame->count - 1, sizeof(*places), by_parent, flame);
	for (size_t i = flame->count - 1; i-- > 0;) {
		struct flame_node *node = &flame->nodes[places[i]];

		node->next = flame->nodes[node->parent].first;
		flame->nodes[node->parent].first = places[i];
	}
	free(places);
}

/* Is there a node, and is it one of those wanted? Siblings of one that is not shown are not shown either. */
static bool is_wanted(const struct flame *flame, uint32_t place, bool shown_only)
{
	return place && (!shown_only || flame->nodes[place].is_shown);
}

uint32_t flame_next(const struct flame *flame, uint32_t place, bool shown_only, uint32_t *depth)
{
	uint32_t next = flame->nodes[place].first;

	if (is_wanted(flame, next, shown_only)) {
		(*depth)++;
		return next;
	}
	for (; place; place = flame->nodes[place].parent, (*depth)--) {
		next = flame->nodes[place].next;
		if (is_wanted(flame, next, shown_only))
			return next;
	}
	return 0;
}

/* Number of each node in the order of flame_next(). */
struct walk {
	const struct flame *flame;
	uint32_t *order;
};

static int by_size(const void *left, const void *right, void *things)
{
	const struct walk *walk = things;
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	int order = by_number(walk->flame->nodes[b].value[FLAME_NEW],
			      walk->flame->nodes[a].value[FLAME_NEW]);

	return order ? order : by_number(walk->order[a], walk->order[b]);
}

static void mark(struct flame *flame, const uint32_t *places, size_t bytes, flame_size size_of,
		 void *with)
{
	int64_t total = flame->nodes[0].value[FLAME_NEW];
	int64_t smallest = total / SMALLEST_PART + (total % SMALLEST_PART != 0);

	flame->nodes[0].is_shown = true;
	for (size_t i = 0; total && i + 1 < flame->count; i++) {
		struct flame_node *node = &flame->nodes[places[i]];
		size_t size;

		if (node->value[FLAME_NEW] < smallest)
			return;
		size = size_of(&flame->frames.frames[node->frame], with);
		if (size > bytes)
			return;
		bytes -= size;
		node->is_shown = true;
	}
}

static void count_hidden(const struct flame *flame, struct flame_choice *choice)
{
	for (size_t i = 1; i < flame->count; i++) {
		const struct flame_node *node = &flame->nodes[i];

		if (node->is_shown || !node->value[FLAME_NEW])
			continue;
		choice->hidden++;
		if (flame->nodes[node->parent].is_shown)
			choice->hidden_value =
				sum_saturating(choice->hidden_value, node->value[FLAME_NEW]);
	}
}

struct flame_choice flame_choose(struct flame *flame, size_t bytes, flame_size size_of, void *with)
{
	struct flame_choice choice = {0};
	struct walk walk = {flame, xcalloc(flame->count, sizeof(uint32_t))};
	uint32_t *places = all_places(flame);
	uint32_t depth = 0, number = 0;

	for (uint32_t i = 0; (i = flame_next(flame, i, false, &depth));)
		walk.order[i] = ++number;
	qsort_r(places, flame->count - 1, sizeof(*places), by_size, &walk);
	mark(flame, places, bytes, size_of, with);
	depth = 0;
	for (uint32_t i = 0; (i = flame_next(flame, i, true, &depth));) {
		choice.shown++;
		choice.depth = depth > choice.depth ? depth : choice.depth;
	}
	count_hidden(flame, &choice);
	free(places);
	free(walk.order);
	return choice;
}
