/* SPDX-License-Identifier: MIT */
#include "runtime/sync/sync_store.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "runtime/rt.h"

/* One hash table for the process: only waits, which are slow anyway, come here, threads that come and go by the
 * thousand need no memory of their own, and the next thread of a slot adds to the same items. Twice the items of
 * REC_WAITS; pages are only used when written. */
#define SLOT_BITS 21
#define SLOT_MASK ((UINT32_C(1) << SLOT_BITS) - 1)

static _Atomic uint32_t slots[1u << SLOT_BITS]; /* number of an item, plus 1; 0: free */

static uint32_t hash(const struct rec_wait *key)
{
	uint64_t mixed = ((uint64_t)key->thread << 32 | key->node) ^ (uint64_t)key->kind << 58 ^
			 (uint64_t)key->side << 63;

	mixed *= UINT64_C(0x9E3779B97F4A7C15);
	mixed ^= mixed >> 32;
	mixed *= UINT64_C(0x9E3779B97F4A7C15);
	return (uint32_t)(mixed >> (64 - SLOT_BITS));
}

static bool is_key(const struct rec_wait *item, const struct rec_wait *key)
{
	return item->node == key->node && item->thread == key->thread && item->kind == key->kind &&
	       item->side == key->side;
}

static struct rec_wait *item_of(uint32_t slot)
{
	return rt_table(WAITS, struct rec_wait) + (slot - 1);
}

/* A fresh item's slot value, 0 when there is none. The item is complete before its number can be seen. */
static uint32_t make(const struct rec_wait *key)
{
	uint32_t number = rt_append(REC_WAITS);

	if (number == UINT32_MAX)
		return 0;
	*item_of(number + 1) = (struct rec_wait){
		.node = key->node, .thread = key->thread, .kind = key->kind, .side = key->side};
	return number + 1;
}

/* Linear probing ends: there are more slots than items. Where two threads make an item of one key at once, the
 * later one's stays with a count of 0. */
static struct rec_wait *find_or_make(const struct rec_wait *key)
{
	uint32_t made = 0;

	for (uint32_t at = hash(key);; at = (at + 1) & SLOT_MASK) {
		uint32_t slot = atomic_load_explicit(&slots[at], memory_order_acquire);

		if (slot == 0) {
			if (made == 0 && (made = make(key)) == 0)
				return NULL;
			if (atomic_compare_exchange_strong(&slots[at], &slot, made))
				return item_of(made);
		}
		if (is_key(item_of(slot), key))
			return item_of(slot);
	}
}

void sync_store_add(const struct rec_wait *key, uint64_t count, uint64_t delay_ns)
{
	struct rec_wait *item = find_or_make(key);

	if (item == NULL)
		return;
	__atomic_fetch_add(&item->count, count, __ATOMIC_RELAXED);
	__atomic_fetch_add(&item->delay_ns, delay_ns, __ATOMIC_RELAXED);
}
