/* SPDX-License-Identifier: MIT */
/* What is timed by us and by Google Benchmark in turns (row_bench.sh). Compiled once: both programs have the same object. */
#ifndef PPROFMK_TEST_BENCH_OPS_H
#define PPROFMK_TEST_BENCH_OPS_H

#include <stdint.h>

/* A function that begins with a line of the cache, in whichever program: a loop of three instructions is a cycle longer where it
 * lies on two lines, which is 3 % of a malloc and a free. */
#define BENCH_ALIGNED __attribute__((aligned(64)))

#ifdef __cplusplus
extern "C" {
#endif

/* FNV-1a of 64 bytes (Fowler, Noll and Vo, RFC 9923), on from `hash`. Called with its last result it is one chain of
 * multiplications: otherwise how far one call runs into the next would depend on what stands between them. */
uint64_t bench_op_hash(uint64_t hash);

/* malloc and free of 64 bytes. */
void bench_op_malloc(void);

/* Copies 1 MB, both sides at the start of a page. */
void bench_op_copy(void);

#ifdef __cplusplus
}
#endif

#endif
