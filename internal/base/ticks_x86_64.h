/* SPDX-License-Identifier: MIT */
/* Included by ticks_arch.h only. */

#define TICKS_CLOCK_SOURCE "tsc"

static inline uint64_t ticks_arch_counter(void)
{
	return __builtin_ia32_rdtsc();
}
