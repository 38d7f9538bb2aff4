/* SPDX-License-Identifier: MIT */
/* The sampled blocks that are in use: what each stands for, by its address.
 *
 * A free has to know at once that a block is not among them, which nearly none is: a filter of counters by a hash of the address, 0
 * where no block with that hash is. It is as large as it has to be for one free in 64 to look further, 2 KiB for the 32 samples of 16 MiB
 * in use, and 64 KiB from 512 MiB on: what it does to the program's caches costs more than the look itself. The filters of all
 * sizes lie one after the other, and a block is counted in the one that is looked at and in all larger ones, so that a larger one
 * is complete when its time comes. There is no way back to a smaller one.
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

/* Of the smallest filter and of the largest. */
#define HEAP_FILTER_BITS     11
#define HEAP_FILTER_MAX_BITS 16
#define HEAP_SET_BITS	     14
#define HEAP_SET_WAYS	     8

/* A block that was sampled: the item of REC_SITES that has it, and what it counts for there. */
struct heap_block {
	uint32_t site;
	uint64_t count, bytes;
};

/* Counters of the filter with 2^n of them begin at 2^n. 255 stays: more than that many at once are not counted. */
extern _Atomic uint8_t heap_filter[2 << HEAP_FILTER_MAX_BITS];
extern _Atomic uint32_t heap_filter_shift; /* 63 - n of the one in use */

/* Multiplicative, the golden ratio's (Knuth, volume 3, 6.4). Blocks of one size lie at equal distances, and such addresses stay at equal
 * distances: of the upper bits alone up to a third of frees would find others' counters. The lower ones break that. */
static inline uint64_t heap_hash(const void *block)
{
	uint64_t hash = (uint64_t)(uintptr_t)block * UINT64_C(0x9e3779b97f4a7c15);

	return hash ^ hash << 32;
}

/* The upper bits of the hash behind a leading one, which is where the filter begins. */
static inline uint64_t heap_filter_index(uint64_t hash, uint32_t shift)
{
	return (hash >> 1 | UINT64_C(1) << 63) >> shift;
}

/* False: it is certainly not in the table. Any address, NULL too. Context: any.
 *
 * Who frees a block has it from who allocated it, and so sees no older filter than that one. */
static inline bool heap_blocks_may_have(const void *block)
{
	uint32_t shift = atomic_load_explicit(&heap_filter_shift, memory_order_relaxed);

	return atomic_load_explicit(&heap_filter[heap_filter_index(heap_hash(block), shift)],
				    memory_order_relaxed) != 0;
}

/* Put a block in. False: there is no room. Before the program has its address. Context: any. */
bool heap_blocks_put(const void *block, const struct heap_block *what);

/* Take it out. False: it is not there. Before it is freed. Context: any. */
bool heap_blocks_take(const void *block, struct heap_block *what);

#endif
