/* SPDX-License-Identifier: MIT */
/* What differs between processors in reading the counter; each file defines
 *
 *   ticks_arch_counter()    its value
 *   TICKS_CLOCK_SOURCE      what the kernel calls it where it trusts it */
#ifndef PPROFMK_BASE_TICKS_ARCH_H
#define PPROFMK_BASE_TICKS_ARCH_H

#if defined(__x86_64__)
#include "base/ticks_x86_64.h"
#elif defined(__aarch64__)
#include "base/ticks_aarch64.h"
#else
#error "pprof.mk knows x86-64 and AArch64"
#endif

#endif
