/* SPDX-License-Identifier: MIT */
/* What the mem recorder has counted. */
#ifndef PPROFMK_RUNTIME_MEM_H
#define PPROFMK_RUNTIME_MEM_H

#include <stdint.h>

struct mem_sum {
	uint64_t count, bytes;
};

/* All that was allocated in windows so far, by all threads, freed or not. It goes through the table of sites: not for
 * hot paths. Exact while the window is shut. */
struct mem_sum mem_allocated(void);

#endif
