/* SPDX-License-Identifier: MIT */
/* The sampled blocks that are in use: what each stands for, by its address.
 *
 * A free has to know at once that a block is not among them, which nearly none is: a filter of 64 Ki counters by a hash of the
 * address, 0 where no block with that hash is. With the 2,000 samples of 1 GiB in use 3 % of frees look further. It stays in the second
 * level of a cache, and what it says is predicted well.
 *
 * The table is set-associative, as a cache is: an address may be in one of two sets of eight. Nothing is locked. A place is taken by
 * compare and exchange, and given back with one store; between an allocation and its free only one thread has business with a block.
 * So it may be used in signal handlers and in the middle of a fork, nothing has to be cleaned up, and its size is a bound. With half
 * of its places taken, 32 GiB in use at 512 KiB, one block in a million finds both sets full. */
#ifndef PPROFMK_RUNTIME_HEAP_BLOCKS_H
#define PPROFMK_RUNTIME_HEAP_BLOCKS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define HEAP_FILTER_BITS 16
#define HEAP_SET_BITS	 14
#define HEAP_SET_WAYS	 8

/* A block that was sampled: the item of REC_SITES that has it, and what it counts for there. */
struct heap_block {
	uint32_t site;
	uint64_t count, bytes;
};

/* 255 stays: more than that many at once are not counted. */
extern _Atomic uint8_t heap_filter[1 << HEAP_FILTER_BITS];

/* Multiplicative, the golden ratio's (Knuth, volume 3, 6.4). */
static inline uint64_t heap_hash(const void *block)
{
	return (uint64_t)(uintptr_t)block * UINT64_C(0x9e3779b97f4a7c15);
}

/* False: it is certainly not in the table. Any address, NULL too. Context: any. */
static inline bool heap_blocks_may_have(const void *block)
{
	return atomic_load_explicit(&heap_filter[heap_hash(block) >> (64 - HEAP_FILTER_BITS)],
				    memory_order_relaxed) != 0;
}

/* Put a block in. False: there is no room. Before the program has its address. Context: any. */
bool heap_blocks_put(const void *block, const struct heap_block *what);

/* Take it out. False: it is not there. Before it is freed. Context: any. */
bool heap_blocks_take(const void *block, struct heap_block *what);

#endif
