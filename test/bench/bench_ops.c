/* SPDX-License-Identifier: MIT */
#include "bench_ops.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { COPY_BYTES = 1 << 20 };

#define OPERATION NOIPA BENCH_ALIGNED

/* Called without the program's table of jumps: whether their entries share a line of the cache is the linker's choice. */
#if defined(__has_attribute) && __has_attribute(noplt)
extern void *malloc(size_t size) __attribute__((noplt));
extern void free(void *block) __attribute__((noplt));
#endif

/* Volatile: what is in them is not known when this is compiled. */
static _Alignas(64) volatile unsigned char text[64];
static _Alignas(4096) char from[COPY_BYTES], to[COPY_BYTES];

OPERATION uint64_t bench_op_hash(uint64_t hash)
{
	for (size_t i = 0; i < sizeof text; i++)
		hash = (hash ^ text[i]) * UINT64_C(0x100000001b3);
	return hash;
}

OPERATION void bench_op_malloc(void)
{
	void *block = malloc(64);

	__asm__ volatile("" : : "r"(block) : "memory");
	free(block);
}

OPERATION void bench_op_copy(void)
{
	memcpy(to, from, sizeof to);
	__asm__ volatile("" : : "r"(to) : "memory");
}
