/* SPDX-License-Identifier: MIT */
/* PROGRAM_OUR_MACHINE: what ELF calls the processor that this tool and the runtime are built for. */
#ifndef PPROFMK_TOOL_PROGRAM_ARCH_H
#define PPROFMK_TOOL_PROGRAM_ARCH_H

#include <elf.h>

#if defined(__x86_64__)
#define PROGRAM_OUR_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define PROGRAM_OUR_MACHINE EM_AARCH64
#endif

#endif
