/* SPDX-License-Identifier: MIT */
/* Which allocations are sampled, and what a sample stands for.
 *
 * All bytes that a thread allocates lie one after the other on a line, and points are thrown on it at random: a Poisson process
 * with one point in `rate` bytes on average. A block is sampled when a point lies in it. So do tcmalloc (src/sampler.h of
 * gperftools) and Go (runtime/malloc.go, nextSample) it.
 *
 * Which blocks. From anywhere on the line the distance to the next point is distributed exponentially with the mean `rate`,
 * P(d > x) = exp(-x/rate), whatever lies behind: the process has no memory. Therefore one number is enough, the bytes left until the
 * next point. A block of length s takes s from it, and when it doesn't have them the point lies in the block. Its probability is
 *
 *     p(s) = P(d <= s) = 1 - exp(-s/rate)
 *
 * Several points in a large block make one sample: what was decided is whether there is any, which p counts. The next distance
 * is drawn from the block's end, since the process has no memory.
 *
 * What a sample stands for. A block that was sampled counts as 1/p(s) blocks and as size/p(s) bytes. Of a block the expected count is
 * p * 1/p = 1 and the expected bytes p * size/p = size, so that every sum over blocks is expected to be what it is without
 * sampling, whatever their sizes (Horvitz and Thompson, A Generalization of Sampling Without Replacement, JASA 47, 1952). The variance
 * of a block's part is (1 - p)/p for the count, and size^2 times that for bytes; blocks are independent, so that they add up. For small
 * blocks that is size * rate: of B bytes in total the standard deviation is sqrt(B * rate). 1 GiB of small blocks is known within 2.2 %
 * (one sigma), 16 MiB within 18 %.
 *
 * Go adds samples up as they are and multiplies in the end by 1/p(mean size), with a bucket for each stack and size. With one for
 * each stack alone that would be wrong where sizes are mixed: half of a stack's allocations of 16 bytes and half of 1 MiB, samples are
 * nearly all of the large ones, and the small ones are multiplied by 1.2 instead of 32,768. Weights at the sample itself are right for
 * any mixture, and need no bucket for each size.
 *
 * A block of n bytes takes n + 1 of the line, so that one of no bytes has a chance too.
 *
 * realloc is a free of the old block and an allocation of the new one, all of it, moved or not. Whether the new one is sampled has
 * to depend on its own size only: taking over what was decided for the old size would give it a p that nobody knows afterwards,
 * and a sample of the growth alone would leave a block with several owners. So the memory that is in use belongs to who made it
 * as large as it is, and alloc_space is the sum of all that was asked for. */
#ifndef PPROFMK_RUNTIME_HEAP_SAMPLE_H
#define PPROFMK_RUNTIME_HEAP_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Go's and tcmalloc's. */
#define HEAP_RATE_DEFAULT_BYTES (UINT64_C(512) << 10)
#define HEAP_RATE_MAX_BYTES	(UINT64_C(1) << 30)

/* One thread's. Zero at first. */
struct heap_sampler {
	uint64_t left_bytes; /* until the next point, 1 or more; 0: none has been drawn yet */
	uint64_t rate_bytes; /* that it was drawn with */
	uint64_t random;     /* state of the generator, 0: not seeded */
};

/* What a sampled block stands for. */
struct heap_weight {
	uint64_t count, bytes;
};

/* A block of so many bytes is allocated: true when it is not sampled, and that is all. Otherwise nothing was changed, and
 * heap_sampler_hits() says whether it is. Compared without signs: malloc(-1) is a length of 0, malloc(-2) one that is never left. */
static inline bool heap_sampler_skips(struct heap_sampler *sampler, size_t size_bytes)
{
	uint64_t length = (uint64_t)size_bytes + 1;

	if (__builtin_expect(sampler->left_bytes > length, 1)) {
		sampler->left_bytes -= length;
		return true;
	}
	return false;
}

/* Behind heap_sampler_skips(): whether the block is sampled, and what it stands for then.
 *
 * rate_bytes  mean distance from now on, 1..HEAP_RATE_MAX_BYTES. Context: any; a handler that interrupts it costs a point. */
bool heap_sampler_hits(struct heap_sampler *sampler, size_t size_bytes, uint64_t rate_bytes,
		       struct heap_weight *weight);

/* -ln(u) for u = random / 2^64, random > 0: exponentially distributed with mean 1 when random is uniform. Wrong by less than 3e-8, absolutely:
 * ln m = 2 artanh z, z = (m - 1)/(m + 1) (Abramowitz and Stegun 4.1.27), with m between sqrt(1/2) and sqrt(2), so |z| < 0.1716; of the series
 * four terms are taken, and the rest is less than 2 z^9 / 9 / (1 - z^2) = 2.95e-8. */
double heap_sample_exponential(uint64_t random);

/* 1 / (1 - exp(-x)) for x > 0. Wrong by less than 1e-6 of it. */
double heap_sample_inverse(double x);

#endif
