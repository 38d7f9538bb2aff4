/* SPDX-License-Identifier: MIT */
/* What differs between processors; each file defines the same names:
 *
 *   DETOUR_SIZE_BYTES        of the jump
 *   detour_jump()            write a jump to `target` for where a function begins: it uses no register that an argument is
 *                            in, reaches all of the address space, and may be the goal of a guarded indirect call */
#ifndef PPROFMK_RUNTIME_DETOUR_ARCH_H
#define PPROFMK_RUNTIME_DETOUR_ARCH_H

#if defined(__x86_64__)
#include "runtime/hook/detour_x86_64.h"
#elif defined(__aarch64__)
#include "runtime/hook/detour_aarch64.h"
#endif

#endif
