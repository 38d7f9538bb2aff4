/* SPDX-License-Identifier: MIT */
/* What differs between processors in a stack's first frame; each file defines
 *
 *   stack_regs_here()    the registers at this point of the caller; always inlined */
#ifndef PPROFMK_RUNTIME_STACK_ARCH_H
#define PPROFMK_RUNTIME_STACK_ARCH_H

#include <stdint.h>

/* Registers that the walk needs. pc is exact (an instruction about to run) for the first frame. */
struct stack_regs {
	uintptr_t pc, sp, fp;
	/* AArch64: the link register, where the return address is before it is saved. x86-64: r10 from a signal's
	 * context, which holds the frame's address while gcc's code realigns the stack; else 0. */
	uintptr_t lr;
};

#if defined(__x86_64__)
#include "runtime/unwind/stack_x86_64.h"
#elif defined(__aarch64__)
#include "runtime/unwind/stack_aarch64.h"
#else
#error "pprof.mk knows x86-64 and AArch64"
#endif

#endif
