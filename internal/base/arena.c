/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* Room of a chunk. The first are small, for there are many profiles of a few samples, and all of it is zeroed; each is twice
 * as large as the one before, so that malloc is seldom called for large ones. */
#define CHUNK_LEAST ((size_t)2 * 1024)
#define CHUNK_MOST  ((size_t)64 * 1024)

struct arena_chunk {
	struct arena_chunk *next;
	size_t size;
	alignas(max_align_t) char bytes[];
};

static void add_chunk(struct arena *arena, size_t need)
{
	size_t size = arena->chunks ? 2 * arena->chunks->size : CHUNK_LEAST;
	struct arena_chunk *chunk;

	if (size > CHUNK_MOST)
		size = CHUNK_MOST;
	if (size < need)
		size = need;
	chunk = xcalloc(1, sizeof(*chunk) + size);
	chunk->size = size;
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	arena->left = size;
}

void *arena_get(struct arena *arena, size_t count, size_t size_bytes)
{
	size_t need;
	char *start;

	if (__builtin_mul_overflow(count, size_bytes, &need) || need > SIZE_MAX / 2)
		xalloc_failed();
	need = (need + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (!arena->chunks || need > arena->left)
		add_chunk(arena, need);
	start = arena->chunks->bytes + (arena->chunks->size - arena->left);
	arena->left -= need;
	return start;
}

void *arena_copy(struct arena *arena, const void *items, size_t count, size_t size_bytes)
{
	if (!count)
		return NULL;
	return memcpy(arena_get(arena, count, size_bytes), items, count * size_bytes);
}

void arena_free(struct arena *arena)
{
	while (arena->chunks) {
		struct arena_chunk *next = arena->chunks->next;

		free(arena->chunks);
		arena->chunks = next;
	}
	arena->left = 0;
}
