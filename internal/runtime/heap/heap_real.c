/* SPDX-License-Identifier: MIT */
#include "runtime/heap/heap_real.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "runtime/rt.h"

/* dlsym's error text and buffer, and then some. */
enum { EARLY_BYTES = 16 << 10, EARLY_ALIGNMENT = 16 };

static _Alignas(EARLY_ALIGNMENT) char early_bytes[EARLY_BYTES];
static _Atomic size_t early_used;
static RT_TLS bool is_finding; /* this thread is in dlsym */

typedef void free_fn(void *block);
typedef void *realloc_fn(void *block, size_t size);

static free_fn *_Atomic next_free;
static realloc_fn *_Atomic next_realloc;

static bool is_early(const void *block)
{
	return (uintptr_t)block - (uintptr_t)early_bytes < sizeof early_bytes;
}

static void free_beside_early(void *block)
{
	if (!is_early(block))
		atomic_load (&next_free)(block);
}

/* Its size is not kept: no more than what lies behind it in the arena. */
static void early_copy(void *to, const void *block, size_t size)
{
	size_t room = (size_t)(early_bytes + sizeof early_bytes - (const char *)block);

	memcpy(to, block, size < room ? size : room);
}

static void *realloc_beside_early(void *block, size_t size)
{
	void *moved;

	if (!is_early(block))
		return atomic_load(&next_realloc)(block, size);
	moved = HEAP_REAL(malloc)(size);
	if (moved != NULL)
		early_copy(moved, block, size);
	return moved;
}

/* Once the real ones are known and the arena is in use, whichever is later: each side stores its own first and then looks
 * for the other's. */
static void look_beside_early(void)
{
	if (atomic_load(&early_used) == 0 || atomic_load(&next_free) == NULL)
		return;
	atomic_store(&heap_real.free, free_beside_early);
	atomic_store(&heap_real.realloc, realloc_beside_early);
}

/* Zeroed, as calloc's has to be. */
static void *heap_early(size_t size)
{
	size_t rounded = (size + EARLY_ALIGNMENT) & ~(size_t)(EARLY_ALIGNMENT - 1);
	size_t at = atomic_load(&early_used);

	do {
		if (size > EARLY_BYTES || at > EARLY_BYTES - rounded) {
			errno = ENOMEM;
			return NULL;
		}
	} while (!atomic_compare_exchange_weak(&early_used, &at, at + rounded));
	look_beside_early();
	return early_bytes + at;
}

static void *heap_early_realloc(const void *block, size_t size)
{
	void *moved = heap_early(size);

	if (moved != NULL && block != NULL)
		early_copy(moved, block, size);
	return moved;
}

static void find_all(void);

#define FIRST(type, name, parameters, arguments, early) \
	static type first_##name parameters             \
	{                                               \
		if (is_finding)                         \
			return early;                   \
		find_all();                             \
		return HEAP_REAL(name) arguments;       \
	}
HEAP_REALS(FIRST)

static void first_free(void *block)
{
	if (is_finding || is_early(block))
		return;
	find_all();
	HEAP_REAL(free)(block);
}

#define BEGIN_WITH(type, name, parameters, arguments, early) .name = first_##name,
struct heap_real heap_real = {HEAP_REALS(BEGIN_WITH).free = first_free};

/* A library without one of them, pvalloc as a rule, has nobody who calls it. */
#define FIND(type, name, parameters, arguments, early)                                       \
	do {                                                                                 \
		type(*found) parameters = (type(*) parameters)rt_real(#name);                \
                                                                                             \
		if (found != NULL)                                                           \
			atomic_store_explicit(&heap_real.name, found, memory_order_relaxed); \
	} while (0);

/* Several threads may do so at once: they find the same. */
static void find_all(void)
{
	int saved = errno;

	is_finding = true;
	HEAP_REALS(FIND)
	atomic_store(&next_free, (free_fn *)rt_real("free"));
	atomic_store(&heap_real.free, atomic_load(&next_free));
	atomic_store(&next_realloc, HEAP_REAL(realloc));
	look_beside_early();
	is_finding = false;
	errno = saved;
}
