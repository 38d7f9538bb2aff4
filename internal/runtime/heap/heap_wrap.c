/* SPDX-License-Identifier: MIT */
/* In front of the program's allocator. Each wrapper asks heap_skips() or heap_may_have(), and as a rule jumps to the next definition.
 *
 * jemalloc's mallocx() and its siblings are not wrapped: programs ask by a weak reference whether they are there, and would take
 * our definition for jemalloc. reallocarray, strdup and the like are the C library's, and end in these. */
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

#include "runtime/heap/heap_real.h"
#include "runtime/heap/heap_record.h"

RT_EXPORT void *malloc(size_t size)
{
	void *block;

	if (rt_likely(heap_skips(size)))
		return HEAP_REAL(malloc)(size);
	block = HEAP_REAL(malloc)(size);
	heap_allocated(block, size, stack_regs_here());
	return block;
}

RT_EXPORT void *calloc(size_t count, size_t size)
{
	size_t bytes;
	void *block;

	if (rt_unlikely(__builtin_mul_overflow(count, size, &bytes)) ||
	    rt_likely(heap_skips(bytes)))
		return HEAP_REAL(calloc)(count, size);
	block = HEAP_REAL(calloc)(count, size);
	heap_allocated(block, bytes, stack_regs_here());
	return block;
}

RT_EXPORT void free(void *block)
{
	if (rt_unlikely(heap_may_have(block)))
		heap_forget(block);
	HEAP_REAL(free)(block);
}

/* The old block is taken before another thread can get its address. It is still there when there is no new one, unless nothing
 * was asked for. */
static __attribute__((noinline)) void *realloc_slow(void *old, size_t size, bool is_skipped,
						    struct stack_regs regs)
{
	struct heap_block what;
	bool was_known = heap_take(old, &what);
	void *block = HEAP_REAL(realloc)(old, size);

	if (was_known && block == NULL && size != 0)
		heap_put_back(old, &what);
	else if (was_known)
		heap_freed(&what);
	if (!is_skipped)
		heap_allocated(block, size, regs);
	return block;
}

RT_EXPORT void *realloc(void *old, size_t size)
{
	bool is_skipped = heap_skips(size);
	void *block;

	if (rt_likely(is_skipped && !heap_may_have(old)))
		return HEAP_REAL(realloc)(old, size);
	block = realloc_slow(old, size, is_skipped, stack_regs_here());
	__asm__ volatile("" : : : "memory"); /* no jump: this frame is in the stack */
	return block;
}

RT_EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
	void *block;

	if (rt_likely(heap_skips(size)))
		return HEAP_REAL(aligned_alloc)(alignment, size);
	block = HEAP_REAL(aligned_alloc)(alignment, size);
	heap_allocated(block, size, stack_regs_here());
	return block;
}

RT_EXPORT void *memalign(size_t alignment, size_t size)
{
	void *block;

	if (rt_likely(heap_skips(size)))
		return HEAP_REAL(memalign)(alignment, size);
	block = HEAP_REAL(memalign)(alignment, size);
	heap_allocated(block, size, stack_regs_here());
	return block;
}

RT_EXPORT void *valloc(size_t size)
{
	void *block;

	if (rt_likely(heap_skips(size)))
		return HEAP_REAL(valloc)(size);
	block = HEAP_REAL(valloc)(size);
	heap_allocated(block, size, stack_regs_here());
	return block;
}

RT_EXPORT void *pvalloc(size_t size)
{
	void *block;

	if (rt_likely(heap_skips(size)))
		return HEAP_REAL(pvalloc)(size);
	block = HEAP_REAL(pvalloc)(size);
	heap_allocated(block, size, stack_regs_here());
	return block;
}

RT_EXPORT int posix_memalign(void **block, size_t alignment, size_t size)
{
	int result;

	if (rt_likely(heap_skips(size)))
		return HEAP_REAL(posix_memalign)(block, alignment, size);
	result = HEAP_REAL(posix_memalign)(block, alignment, size);
	heap_allocated(result == 0 ? *block : NULL, size, stack_regs_here());
	return result;
}
