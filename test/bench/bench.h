/* SPDX-License-Identifier: MIT */
/* What the programs of the table share: a clock, and a chain of calls that profilers have to walk. */
#ifndef PPROFMK_TEST_BENCH_H
#define PPROFMK_TEST_BENCH_H

#include <time.h>

/* A function of its own, whatever the compiler knows of its body and callers. */
#ifdef __clang__
#define NOIPA __attribute__((noinline, disable_tail_calls))
#else
#define NOIPA __attribute__((noipa))
#endif

/* Nanoseconds of CLOCK_MONOTONIC, CLOCK_THREAD_CPUTIME_ID, ... */
static inline double bench_clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

typedef void bench_leaf(unsigned long count);

/* Each adds a constant of its own after the call, so that none is a jump and no two are folded into one. */
#define BENCH_LEVEL(number, next)                                                              \
	NOIPA static unsigned long bench_level_##number(bench_leaf *leaf, unsigned long count) \
	{                                                                                      \
		return next(leaf, count) + number;                                             \
	}

NOIPA static unsigned long bench_level_0(bench_leaf *leaf, unsigned long count)
{
	leaf(count);
	return count;
}

BENCH_LEVEL(1, bench_level_0)
BENCH_LEVEL(2, bench_level_1)
BENCH_LEVEL(3, bench_level_2)
BENCH_LEVEL(4, bench_level_3)
BENCH_LEVEL(5, bench_level_4)
BENCH_LEVEL(6, bench_level_5)
BENCH_LEVEL(7, bench_level_6)
BENCH_LEVEL(8, bench_level_7)
BENCH_LEVEL(9, bench_level_8)
BENCH_LEVEL(10, bench_level_9)

/* Call leaf(count) twelve calls below the caller: with the caller, the thread's start function and clone's, 15 frames
 * in a thread that was created for it, and 18 to 20 from a cmocka test in the main thread. */
static inline unsigned long bench_deep(bench_leaf *leaf, unsigned long count)
{
	return bench_level_10(leaf, count);
}

#endif
