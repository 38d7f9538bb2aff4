/* SPDX-License-Identifier: MIT */
/* Included by ticks_arch.h only. */

#define TICKS_CLOCK_SOURCE "arch_sys_counter"

static inline uint64_t ticks_arch_counter(void)
{
	uint64_t counter;

	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(counter));
	return counter;
}
