/* SPDX-License-Identifier: MIT */
/* The sites of one thread: which item of REC_SITES counts for a stack. */
#ifndef PPROFMK_RUNTIME_MEM_SITES_H
#define PPROFMK_RUNTIME_MEM_SITES_H

#include <stdint.h>

struct mem_sites;

/* An empty table, or NULL when out of memory. Any context but a signal handler of the same thread; no malloc. */
struct mem_sites *mem_sites_new(void);
void mem_sites_free(struct mem_sites *sites);

/* The item for allocations of `thread` (its number in REC_THREADS) at the stack `node`; a fresh one the first time,
 * or UINT32_MAX when REC_SITES is full. */
uint32_t mem_sites_item(struct mem_sites *sites, uint32_t thread, uint32_t node);

#endif
