/* SPDX-License-Identifier: MIT */
/* The allocator behind the wrappers: the next definitions, whoever has them.
 *
 * Calls may come before our constructor has run, from other constructors and from the dynamic linker itself: each pointer begins
 * as a function that finds them all. dlsym does not allocate for what is there, with the C libraries that we know; if it does, the thread that
 * is looking gets memory of a small arena, which is never given back. Only where that has happened free and realloc look for its
 * blocks. */
#ifndef PPROFMK_RUNTIME_HEAP_REAL_H
#define PPROFMK_RUNTIME_HEAP_REAL_H

#include <stdatomic.h>
#include <stddef.h>

/* result, name, parameters, arguments, what a call from within dlsym gets */
#define HEAP_REALS(X)                                                                          \
	X(void *, malloc, (size_t size), (size), heap_early(size))                             \
	X(void *, calloc, (size_t count, size_t size), (count, size), heap_early(count *size)) \
	X(void *, realloc, (void *block, size_t size), (block, size),                          \
	  heap_early_realloc(block, size))                                                     \
	X(void *, aligned_alloc, (size_t alignment, size_t size), (alignment, size), NULL)     \
	X(void *, memalign, (size_t alignment, size_t size), (alignment, size), NULL)          \
	X(void *, valloc, (size_t size), (size), NULL)                                         \
	X(void *, pvalloc, (size_t size), (size), NULL)                                        \
	X(int, posix_memalign, (void **block, size_t alignment, size_t size),                  \
	  (block, alignment, size), ENOMEM)

#define HEAP_REAL_FIELD(type, name, parameters, arguments, early) type(*_Atomic name) parameters;

extern struct heap_real {
	HEAP_REALS(HEAP_REAL_FIELD)
	void (*_Atomic free)(void *block);
} heap_real;

#define HEAP_REAL(name) atomic_load_explicit(&heap_real.name, memory_order_relaxed)

#endif
