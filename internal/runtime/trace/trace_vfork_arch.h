/* SPDX-License-Identifier: MIT */
/* vfork, which no C function can stand in front of: its caller's frame must be on top of the stack while the child uses it. So the
 * return address is kept in a register, and each file defines
 *
 *   vfork()    calls trace_vfork_begin(), makes the system call, and in the parent calls trace_vfork_end() with what it said. A child
 *              goes back by a jump: a shadow stack is its parent's too, and keeps the entry that the parent returns by. */
#ifndef PPROFMK_RUNTIME_TRACE_VFORK_ARCH_H
#define PPROFMK_RUNTIME_TRACE_VFORK_ARCH_H

#if defined(__x86_64__)
#include "runtime/trace/trace_vfork_x86_64.h"
#elif defined(__aarch64__)
#include "runtime/trace/trace_vfork_aarch64.h"
#endif

#endif
