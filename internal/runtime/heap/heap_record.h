/* SPDX-License-Identifier: MIT */
/* The sampled heap of a running program: what the wrappers of malloc and its siblings ask at each call, and what a sample becomes.
 *
 * The mathematics is in heap_sample.h. A sample is counted at its site, an item of REC_SITES for each stack, without regard to the
 * thread: alloc_count and alloc_bytes, and remote_free_count and remote_free_bytes when it is freed. They are estimates of all
 * allocations, not numbers of samples. */
#ifndef PPROFMK_RUNTIME_HEAP_RECORD_H
#define PPROFMK_RUNTIME_HEAP_RECORD_H

#include "runtime/heap/heap_blocks.h"
#include "runtime/heap/heap_sample.h"
#include "runtime/rt.h"

/* What is done, as bits. 0: nothing is recorded, and never was. */
enum heap_mode {
	HEAP_FREES = 1,	  /* blocks may be in one of the tables */
	HEAP_SAMPLED = 2, /* allocations are sampled */
	HEAP_EXACT = 4,	  /* every one is counted */
	HEAP_SHADOWED = 8 /* blocks may be in the table of exact ones (mem_blocks.h) */
};
extern _Atomic unsigned heap_mode;
extern RT_TLS struct heap_sampler heap_sampler;

/* What this thread allocates is not the program's: a thread of ours, or dlsym called by us. */
extern RT_TLS bool heap_is_ours;

/* Allocations that this thread has recorded. */
extern RT_TLS unsigned heap_recorded;

/* Begin, in a process that has its recording and follows threads: with PPROF_HEAP_RATE of the environment, else what heap_rate_set()
 * was told before, else 512 KiB. The reason why not is left in the recording's state.message. Once for each recording. Context: not
 * a signal handler. */
void heap_begin(void);

/* Mean distance of samples in bytes from now on, or for heap_begin(); 1: every allocation, 0: none. Each thread has one more sample
 * at the old rate, and blocks that are known stay known until they are freed. Returns 0; -EINVAL beyond HEAP_RATE_MAX_BYTES,
 * -ENODEV where heap_begin() could not, -ENOMEM for 1. Context: not a signal handler. */
int heap_rate_set(uint64_t rate_bytes);

static inline bool heap_is_off(void)
{
	return atomic_load_explicit(&heap_mode, memory_order_relaxed) == 0;
}

/* An allocation of so many bytes: true when nothing is to be recorded. One relaxed load when off. */
static inline bool heap_skips(size_t size_bytes)
{
	unsigned mode = atomic_load_explicit(&heap_mode, memory_order_relaxed);

	if (rt_likely(mode == 0))
		return true;
	if (rt_likely(mode & HEAP_SAMPLED))
		return heap_sampler_skips(&heap_sampler, size_bytes);
	return !(mode & HEAP_EXACT);
}

/* Where a thread stands between two allocations: a definition that is called may come back to another one of ours, and then that has
 * recorded it, or skipped it. */
struct heap_mark {
	uint64_t left_bytes;
	unsigned recorded;
};

static inline struct heap_mark heap_mark(void)
{
	return (struct heap_mark){heap_sampler.left_bytes, heap_recorded};
}

static inline bool heap_has_moved(struct heap_mark since)
{
	return heap_sampler.left_bytes != since.left_bytes || heap_recorded != since.recorded;
}

/* heap_skips() has said no, and this is the block that was allocated, or NULL. errno is preserved. Context: any. */
void heap_allocated(const void *block, size_t size_bytes, struct stack_regs regs);

/* False: a block that is about to be freed is certainly not known. */
static inline bool heap_may_have(const void *block)
{
	unsigned mode = atomic_load_explicit(&heap_mode, memory_order_relaxed);

	return rt_unlikely(mode != 0) && (heap_blocks_may_have(block) || (mode & HEAP_SHADOWED));
}

/* heap_may_have() has said yes, and the block is about to be freed. Context: any. */
void heap_forget(const void *block);

/* A block is about to be moved: it is no longer known. False: it was not. Context: any. */
bool heap_take(const void *block, struct heap_block *what);

/* What was taken is freed; or it was not, and is known again. Context: any. */
void heap_freed(const struct heap_block *what);
void heap_put_back(const void *block, const struct heap_block *what);

#endif
