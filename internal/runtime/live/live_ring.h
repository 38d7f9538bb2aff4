/* SPDX-License-Identifier: MIT */
/* News of threads for the one that looks after their clocks: many put, one takes. Nobody waits; where it is full that is known. */
#ifndef PPROFMK_RUNTIME_LIVE_RING_H
#define PPROFMK_RUNTIME_LIVE_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum live_ring_what { LIVE_RING_BEGAN = 1, LIVE_RING_TICKED, LIVE_RING_ENDED };

enum { LIVE_RING_CAP = 1024 };

struct live_ring {
	_Atomic uint32_t put;	/* changes with whatever is put: to be waited for by futex */
	_Atomic uint32_t taken; /* not beyond `put` */
	_Atomic bool is_full;	/* something had no room since the last look */
	_Atomic uint64_t items[LIVE_RING_CAP]; /* tid << 8 | what; 0: not there yet */
};

/* Context: no one puts or takes meanwhile. */
void live_ring_empty(struct live_ring *ring);

/* False: it was full. Context: any. */
bool live_ring_put(struct live_ring *ring, uint32_t tid, enum live_ring_what what);

/* Hand over what is there, in the order in which it came. False: something is missing. Context: one thread. */
bool live_ring_take(struct live_ring *ring, void (*take)(uint32_t tid, enum live_ring_what what));

#endif
