/* SPDX-License-Identifier: MIT */
#include "bench_ops.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { COPY_BYTES = 1 << 20 };

/* At the start of a cache line, in whichever program. */
#define OPERATION NOIPA __attribute__((aligned(64)))

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
