/* SPDX-License-Identifier: MIT */
/* Many small pieces of memory that are freed together. Out of memory ends the process; see xalloc.h. */
#ifndef PPROFMK_BASE_ARENA_H
#define PPROFMK_BASE_ARENA_H

#include <stddef.h>

/* All zero: an empty one. */
struct arena {
	struct arena_chunk *chunks;
	size_t left; /* bytes free in the newest chunk */
};

/* Zeroed memory, aligned for anything. Valid until arena_free(). */
void *arena_get(struct arena *arena, size_t count, size_t size_bytes);

/* A copy of count items, NULL for none. */
void *arena_copy(struct arena *arena, const void *items, size_t count, size_t size_bytes);

void arena_free(struct arena *arena);

#endif
