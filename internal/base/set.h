/* SPDX-License-Identifier: MIT */
/* A hash table of numbers that stand for things kept elsewhere. Out of memory ends the process; see xalloc.h. */
#ifndef PPROFMK_BASE_SET_H
#define PPROFMK_BASE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero: an empty one. Open addressing, at most half full. */
struct set {
	struct set_slot *slots;
	size_t cap, len;
};

/* Is the thing that `number` stands for the one wanted? `things` and `wanted` are the caller's. */
typedef bool (*set_same)(const void *things, uint32_t number, const void *wanted);

/* Find a thing's number.
 *
 * hash    of what is wanted.
 * number  what a new thing is to be called, not 0; 0: only look, add nothing.
 *
 * Returns the number found; the one given when the thing was not there and has been added; 0 when it was not there
 * and `number` is 0. */
uint32_t set_find(struct set *set, uint64_t hash, set_same same, const void *things,
		  const void *wanted, uint32_t number);

void set_free(struct set *set);

#endif
