/* SPDX-License-Identifier: MIT */
#include "runtime/mem/mem_blocks.h"

#include "runtime/rt.h"

block_t *_Atomic *blocks_leaves;

bool blocks_init(void)
{
	/* 1 GiB of address space on x86-64, 2 GiB on AArch64, of which a page is used for each 512 MiB of heap. */
	blocks_leaves = rt_map(BLOCK_LEAVES * sizeof *blocks_leaves);
	return blocks_leaves != NULL;
}

block_t *blocks_slot_slow(const void *block)
{
	uint64_t address = (uintptr_t)block;
	block_t *fresh, *none = NULL;

	if (address >> BLOCK_ADDRESS_BITS)
		return NULL;
	fresh = rt_map(BLOCK_SLOTS * sizeof *fresh);
	if (fresh == NULL)
		return NULL;
	/* Another thread may be quicker: then its leaf counts. */
	if (!atomic_compare_exchange_strong(&blocks_leaves[address >> BLOCK_LEAF_SHIFT], &none,
					    fresh))
		rt_unmap(fresh, BLOCK_SLOTS * sizeof *fresh);
	return blocks_find(block);
}
