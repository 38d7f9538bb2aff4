/* SPDX-License-Identifier: MIT */
#include "base/set.h"

#include <stdlib.h>

#include "base/xalloc.h"

struct set_slot {
	uint32_t number; /* 0: free */
	uint32_t hash; /* upper half, so that most others are told apart without looking at them */
};

/* The slot to begin at. The multiplication spreads hashes whose low bits are alike. */
static size_t first_slot(uint32_t hash, size_t cap)
{
	return (size_t)((hash * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (cap - 1);
}

static void insert(struct set_slot *slots, size_t cap, struct set_slot item)
{
	size_t at = first_slot(item.hash, cap);

	while (slots[at].number)
		at = (at + 1) & (cap - 1);
	slots[at] = item;
}

static void grow(struct set *set)
{
	size_t cap = set->cap ? set->cap * 2 : 64;
	struct set_slot *slots = xcalloc(cap, sizeof(*slots));

	for (size_t i = 0; i < set->cap; i++) {
		if (set->slots[i].number)
			insert(slots, cap, set->slots[i]);
	}
	free(set->slots);
	set->slots = slots;
	set->cap = cap;
}

uint32_t set_find(struct set *set, uint64_t hash, set_same same, const void *things,
		  const void *wanted, uint32_t number)
{
	uint32_t upper = (uint32_t)(hash >> 32);
	size_t at;

	if (set->len * 2 >= set->cap)
		grow(set);
	for (at = first_slot(upper, set->cap); set->slots[at].number;
	     at = (at + 1) & (set->cap - 1)) {
		if (set->slots[at].hash == upper && same(things, set->slots[at].number, wanted))
			return set->slots[at].number;
	}
	if (number) {
		set->slots[at].number = number;
		set->slots[at].hash = upper;
		set->len++;
	}
	return number;
}

void set_free(struct set *set)
{
	free(set->slots);
	set->slots = NULL;
	set->cap = set->len = 0;
}
