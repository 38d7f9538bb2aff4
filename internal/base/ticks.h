/* SPDX-License-Identifier: MIT */
/* The processor's own counter of time: it runs at one speed on all processors, whatever their clock does, where the kernel
 * takes it for its clock source (/sys/devices/system/clocksource/clocksource0/current_clocksource: tsc, arch_sys_counter).
 * Elsewhere it says nothing. Reading it costs half of what clock_gettime does. */
#ifndef PPROFMK_BASE_TICKS_H
#define PPROFMK_BASE_TICKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ticks_arch.h"

/* Ticks of the counter. Not ordered with the loads and stores around it: off by some nanoseconds. Context: any. */
static inline uint64_t ticks_counter(void)
{
	return ticks_arch_counter();
}

/* Whether the kernel goes by it, so that it may be taken for time. errno may change. */
bool ticks_is_clock(void);

#endif
