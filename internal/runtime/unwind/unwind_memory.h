/* SPDX-License-Identifier: MIT */
/* Reading the stack without ever faulting.
 *
 * Between our own frame and the start of the thread's stack everything is mapped: such words are
 * simply loaded. Any other (a coroutine's stack, a signal stack, a wild frame pointer) is copied
 * by the kernel, which answers with an error where there is nothing, whatever other threads
 * unmap meanwhile. */
#ifndef PPROFMK_RUNTIME_UNWIND_MEMORY_H
#define PPROFMK_RUNTIME_UNWIND_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The walk reads other functions' frames, which AddressSanitizer and ThreadSanitizer have views
 * on. */
#define UNWIND_NO_SANITIZE __attribute__((no_sanitize_address, no_sanitize_thread))

#define UNWIND_COPY_WORDS 64

struct unwind_memory {
	uintptr_t low;	/* first address that may be loaded */
	uintptr_t span; /* addresses from `low` on where a whole word may be loaded */
	size_t copied;	/* words that were not loaded but copied */
	uintptr_t copy_at;
	size_t copy_len; /* words in `copy`, 0: none yet */
	uintptr_t copy[UNWIND_COPY_WORDS];
};

/* Trust [low, high); 0, 0: nothing. */
static inline void unwind_memory_init(struct unwind_memory *memory, uintptr_t low, uintptr_t high)
{
	memory->low = low;
	memory->span = high > low + sizeof(uintptr_t) ? high - low - sizeof(uintptr_t) + 1 : 0;
	memory->copied = 0;
	memory->copy_len = 0;
}

/* Copy bytes from anywhere. Returns how many there are before the first that is not mapped.
 * Context: any. */
size_t unwind_copy(uintptr_t at, void *to, size_t size_bytes);

bool unwind_memory_copy(struct unwind_memory *memory, uintptr_t at, uintptr_t *value);

UNWIND_NO_SANITIZE static inline uintptr_t unwind_load(uintptr_t at)
{
	return *(const volatile uintptr_t *)at;
}

/* The word at `at`. Returns false when there is none, or `at` is not aligned. Context: any. */
static inline bool unwind_memory_read(struct unwind_memory *memory, uintptr_t at, uintptr_t *value)
{
	if (__builtin_expect(at - memory->low < memory->span && at % sizeof(uintptr_t) == 0, 1)) {
		*value = unwind_load(at);
		return true;
	}
	return unwind_memory_copy(memory, at, value);
}

#endif
