/* SPDX-License-Identifier: MIT */
#include "runtime/mem_blocks.h"

#include "runtime/rt.h"

block_t *_Atomic *blocks_leaves;

bool blocks_init(void)
{
	/* 1 GiB of address space, of which a page is used for each 512 MiB of heap. */
	blocks_leaves = rt_map(BLOCK_LEAVES * sizeof *blocks_leaves);
	return blocks_leaves != NULL;
}

block_t *blocks_leaf_slow(uint64_t address)
{
	block_t *fresh = rt_map(BLOCK_SLOTS * sizeof *fresh);
	block_t *none = NULL;

	if (fresh == NULL)
		return NULL;
	if (atomic_compare_exchange_strong(&blocks_leaves[address >> BLOCK_LEAF_SHIFT], &none,
					   fresh))
		return fresh;
	rt_unmap(fresh, BLOCK_SLOTS * sizeof *fresh);
	return none;
}
