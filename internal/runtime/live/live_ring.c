/* SPDX-License-Identifier: MIT */
#include "runtime/live/live_ring.h"

void live_ring_empty(struct live_ring *ring)
{
	for (int i = 0; i < LIVE_RING_CAP; i++)
		atomic_store_explicit(&ring->items[i], 0, memory_order_relaxed);
	atomic_store(&ring->taken, atomic_load(&ring->put));
	atomic_store(&ring->is_full, false);
}

/* A place is reserved, and filled afterwards: whoever takes stops at one that is not. */
bool live_ring_put(struct live_ring *ring, uint32_t tid, enum live_ring_what what)
{
	uint32_t at = atomic_load_explicit(&ring->put, memory_order_relaxed);

	do {
		if (at - atomic_load_explicit(&ring->taken, memory_order_acquire) >=
		    LIVE_RING_CAP) {
			atomic_store(&ring->is_full, true);
			return false;
		}
	} while (!atomic_compare_exchange_weak(&ring->put, &at, at + 1));
	atomic_store_explicit(&ring->items[at % LIVE_RING_CAP], (uint64_t)tid << 8 | what,
			      memory_order_release);
	return true;
}

bool live_ring_take(struct live_ring *ring, void (*take)(uint32_t tid, enum live_ring_what what))
{
	uint32_t at = atomic_load_explicit(&ring->taken, memory_order_relaxed);
	uint64_t item;

	while (at != atomic_load(&ring->put)) {
		item = atomic_exchange(&ring->items[at % LIVE_RING_CAP], 0);
		if (item == 0)
			break;
		atomic_store_explicit(&ring->taken, ++at, memory_order_release);
		take((uint32_t)(item >> 8), (enum live_ring_what)(item & 0xff));
	}
	return !atomic_exchange(&ring->is_full, false);
}
