/* SPDX-License-Identifier: MIT */
/* What is known of each live block: the site that allocated it and its size.
 *
 * A shadow of the address space, 8 bytes for each 8 bytes that can begin a block, in leaves of 1 MiB made when a
 * block in them is first met. Nothing is locked: between an allocation and its free only one thread at a time can
 * have business with a block, and the program itself orders the two. Unwritten parts of a leaf use no memory. */
#ifndef PPROFMK_RUNTIME_MEM_BLOCKS_H
#define PPROFMK_RUNTIME_MEM_BLOCKS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/mem/mem_arch.h"

#define BLOCK_SITE_BITS 22 /* as many as REC_SITES has items */
#define BLOCK_SIZE_BITS 42

#define BLOCK_LEAF_SHIFT 20
#define BLOCK_LEAVES	 ((uint64_t)1 << (BLOCK_ADDRESS_BITS - BLOCK_LEAF_SHIFT))
#define BLOCK_SLOTS	 ((uint64_t)1 << (BLOCK_LEAF_SHIFT - 3))

/* 0: not recorded; otherwise (site + 1) << BLOCK_SIZE_BITS | size. */
typedef uint64_t block_t;

extern block_t *_Atomic *blocks_leaves;

/* Reserve the table. Once, before any other function here. False when there is no room in the address space. */
bool blocks_init(void);

/* The slot of a block that may have been recorded, or NULL. */
static inline block_t *blocks_find(const void *block)
{
	uint64_t address = (uintptr_t)block;
	block_t *leaf;

	if (address >> BLOCK_ADDRESS_BITS)
		return NULL;
	leaf = atomic_load_explicit(&blocks_leaves[address >> BLOCK_LEAF_SHIFT],
				    memory_order_acquire);
	return leaf != NULL ? &leaf[(address >> 3) & (BLOCK_SLOTS - 1)] : NULL;
}

/* The same, in a leaf made for it; NULL when out of memory or the address is beyond what is shadowed. */
block_t *blocks_slot_slow(const void *block);

/* The slot of a block that is to be recorded. NULL as above. */
static inline block_t *blocks_slot(const void *block)
{
	block_t *slot = blocks_find(block);

	return __builtin_expect(slot != NULL, 1) ? slot : blocks_slot_slow(block);
}

static inline block_t block_make(uint32_t site, uint64_t size_bytes)
{
	return ((uint64_t)(site + 1) << BLOCK_SIZE_BITS) |
	       (size_bytes & (((uint64_t)1 << BLOCK_SIZE_BITS) - 1));
}

static inline uint32_t block_site(block_t block)
{
	return (uint32_t)(block >> BLOCK_SIZE_BITS) - 1;
}

static inline uint64_t block_size(block_t block)
{
	return block & (((uint64_t)1 << BLOCK_SIZE_BITS) - 1);
}

#endif
