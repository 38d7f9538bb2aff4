/* SPDX-License-Identifier: MIT */
#include "runtime/mem/mem_aligned.h"

#include <malloc.h>
#include <stdlib.h>

RT_TLS size_t mem_aligned_request;

/* libpprofmk-live.so has others, and no mem recorder that is started. */
#define WEAK __attribute__((weak))

typedef void *align_fn(size_t, size_t);
typedef void *page_fn(size_t);

/* The next definition, looked up once. */
#define REAL(type, name)                                        \
	({                                                      \
		static type *_Atomic known_;                    \
		type *real_ = known_;                           \
                                                                \
		if (rt_unlikely(real_ == NULL))                 \
			known_ = real_ = (type *)rt_real(name); \
		real_;                                          \
	})

static void *aligned(align_fn *real, size_t alignment, size_t size_bytes)
{
	void *block;

	mem_aligned_request = size_bytes + 1;
	block = real(alignment, size_bytes);
	mem_aligned_request = 0;
	return block;
}

static void *paged(page_fn *real, size_t size_bytes)
{
	void *block;

	mem_aligned_request = size_bytes + 1;
	block = real(size_bytes);
	mem_aligned_request = 0;
	return block;
}

RT_EXPORT WEAK void *aligned_alloc(size_t alignment, size_t size_bytes)
{
	return aligned(REAL(align_fn, "aligned_alloc"), alignment, size_bytes);
}

RT_EXPORT WEAK void *memalign(size_t alignment, size_t size_bytes)
{
	return aligned(REAL(align_fn, "memalign"), alignment, size_bytes);
}

RT_EXPORT WEAK void *valloc(size_t size_bytes)
{
	return paged(REAL(page_fn, "valloc"), size_bytes);
}

RT_EXPORT WEAK void *pvalloc(size_t size_bytes)
{
	return paged(REAL(page_fn, "pvalloc"), size_bytes);
}

RT_EXPORT WEAK int posix_memalign(void **block, size_t alignment, size_t size_bytes)
{
	typedef int posix_fn(void **, size_t, size_t);
	posix_fn *real = REAL(posix_fn, "posix_memalign");
	int result;

	mem_aligned_request = size_bytes + 1;
	result = real(block, alignment, size_bytes);
	mem_aligned_request = 0;
	return result;
}
