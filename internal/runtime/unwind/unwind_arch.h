/* SPDX-License-Identifier: MIT */
/* What differs between processors; each file defines the same names:
 *
 *   UNWIND_REG_SP, UNWIND_REG_FP, UNWIND_REG_RA   DWARF numbers (the psABI's table of registers)
 *   UNWIND_REG_SCRATCH       the register that stack_regs.lr holds
 *   UNWIND_RA_UNSAID         what a missing rule for the return address means
 *   UNWIND_SIGNAL_*          bytes from a signal trampoline's sp to the interrupted registers
 *   UNWIND_GUESSES           rows to try, in this order, for a first frame whose code nothing describes
 *   UNWIND_TRAMPOLINE        that trampoline's code, for where nothing describes it
 *   unwind_strip()           a return address without what the processor hid in it
 *   unwind_interrupted()     registers from a signal handler's third argument */
#ifndef PPROFMK_RUNTIME_UNWIND_ARCH_H
#define PPROFMK_RUNTIME_UNWIND_ARCH_H

#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

#include "runtime/unwind/stack.h"

enum unwind_ra_unsaid { UNWIND_RA_UNSAID_LOST, UNWIND_RA_UNSAID_SCRATCH };

#if defined(__x86_64__)
#include "runtime/unwind/unwind_x86_64.h"
#elif defined(__aarch64__)
#include "runtime/unwind/unwind_aarch64.h"
#endif

#endif
