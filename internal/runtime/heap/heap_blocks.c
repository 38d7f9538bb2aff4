/* SPDX-License-Identifier: MIT */
#include "runtime/heap/heap_blocks.h"

#include <stddef.h>

_Atomic uint8_t heap_filter[2 << HEAP_FILTER_MAX_BITS];
_Atomic uint32_t heap_filter_shift = 63 - HEAP_FILTER_BITS;

/* Of the filter's counters one in 64 is not 0. */
enum { FILTER_ROOM_SHIFT = 6 };

static _Atomic uint32_t block_count;

/* No block is there. */
enum { KEY_FREE = 0, KEY_BEING_WRITTEN = 1 };

static struct set {
	_Alignas(64) _Atomic uintptr_t keys[HEAP_SET_WAYS]; /* addresses, or one of the above */
	struct heap_block blocks[HEAP_SET_WAYS];	    /* written before the key */
} sets[1 << HEAP_SET_BITS];

struct place {
	struct set *set;
	unsigned way;
};

/* The two sets of an address. The second hash is mixed from the first: splitmix64's step, which leaves no relation. */
static struct set *set_of(const void *block, int choice)
{
	uint64_t hash = heap_hash(block);

	if (choice == 1)
		hash = (hash ^ hash >> 27) * UINT64_C(0x94d049bb133111eb);
	return &sets[hash >> (64 - HEAP_SET_BITS)];
}

/* Where a block is; NULL: nowhere. */
static struct place find(const void *block)
{
	for (int choice = 0; choice < 2; choice++) {
		struct set *set = set_of(block, choice);

		for (unsigned way = 0; way < HEAP_SET_WAYS; way++)
			if (atomic_load_explicit(&set->keys[way], memory_order_acquire) ==
			    (uintptr_t)block)
				return (struct place){set, way};
	}
	return (struct place){NULL, 0};
}

static unsigned count_free(struct set *set)
{
	unsigned count = 0;

	for (unsigned way = 0; way < HEAP_SET_WAYS; way++)
		count += atomic_load_explicit(&set->keys[way], memory_order_relaxed) == KEY_FREE;
	return count;
}

static struct place reserve_in(struct set *set)
{
	for (unsigned way = 0; way < HEAP_SET_WAYS; way++) {
		uintptr_t nobody = KEY_FREE;

		if (atomic_compare_exchange_strong_explicit(&set->keys[way], &nobody,
							    KEY_BEING_WRITTEN, memory_order_acquire,
							    memory_order_relaxed))
			return (struct place){set, way};
	}
	return (struct place){NULL, 0};
}

/* In the emptier of the two sets: so the fullest ones stay near the mean (Azar, Broder, Karlin and Upfal, Balanced Allocations, 1999). */
static struct place reserve(const void *block)
{
	struct set *first = set_of(block, 0), *second = set_of(block, 1);
	bool is_second_emptier = count_free(second) > count_free(first);
	struct place place = reserve_in(is_second_emptier ? second : first);

	return place.set != NULL ? place : reserve_in(is_second_emptier ? first : second);
}

static void count(_Atomic uint8_t *counter, int by)
{
	uint8_t now = atomic_load_explicit(counter, memory_order_relaxed);

	while (now != UINT8_MAX &&
	       !atomic_compare_exchange_weak_explicit(counter, &now, (uint8_t)(now + by),
						      memory_order_relaxed, memory_order_relaxed))
		;
}

/* In the filter in use and all larger ones. A block that was put in while a smaller one was in use is in those, too, where nobody
 * looks any more. */
static void filter_move(const void *block, int by)
{
	uint32_t shift = atomic_load_explicit(&heap_filter_shift, memory_order_relaxed);

	for (uint32_t bits = 63 - shift; bits <= HEAP_FILTER_MAX_BITS; bits++)
		count(&heap_filter[heap_filter_index(heap_hash(block), 63 - bits)], by);
}

/* One step at a time; another thread may be quicker. */
static void filter_grow(uint32_t blocks)
{
	uint32_t shift = atomic_load_explicit(&heap_filter_shift, memory_order_relaxed);

	if (63 - shift < HEAP_FILTER_MAX_BITS &&
	    blocks > UINT32_C(1) << (63 - shift - FILTER_ROOM_SHIFT))
		atomic_compare_exchange_strong(&heap_filter_shift, &shift, shift - 1);
}

bool heap_blocks_put(const void *block, const struct heap_block *what)
{
	struct place place = reserve(block);

	if (place.set == NULL)
		return false;
	filter_grow(atomic_fetch_add_explicit(&block_count, 1, memory_order_relaxed) + 1);
	filter_move(block, 1);
	place.set->blocks[place.way] = *what;
	atomic_store_explicit(&place.set->keys[place.way], (uintptr_t)block, memory_order_release);
	return true;
}

bool heap_blocks_take(const void *block, struct heap_block *what)
{
	struct place place;
	uintptr_t key = (uintptr_t)block;

	if (block == NULL)
		return false;
	place = find(block);
	if (place.set == NULL)
		return false;
	*what = place.set->blocks[place.way];
	/* A program that frees a block twice at once: for one of the two it is not there. */
	if (!atomic_compare_exchange_strong_explicit(&place.set->keys[place.way], &key, KEY_FREE,
						     memory_order_release, memory_order_relaxed))
		return false;
	filter_move(block, -1);
	atomic_fetch_sub_explicit(&block_count, 1, memory_order_relaxed);
	return true;
}
