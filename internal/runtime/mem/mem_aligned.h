/* SPDX-License-Identifier: MIT */
/* Sizes of aligned allocations as the program asked for them: tcmalloc's hook is told the size rounded up to the
 * alignment (a valloc(5000) as 8192). */
#ifndef PPROFMK_RUNTIME_MEM_ALIGNED_H
#define PPROFMK_RUNTIME_MEM_ALIGNED_H

#include <stddef.h>

#include "runtime/rt.h"

/* Size asked for plus 1 while this thread is in an aligned allocation, otherwise 0. */
extern RT_TLS size_t mem_aligned_request;

static inline size_t mem_requested_bytes(size_t hooked_bytes)
{
	return rt_unlikely(mem_aligned_request != 0) ? mem_aligned_request - 1 : hooked_bytes;
}

#endif
