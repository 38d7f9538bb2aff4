/* SPDX-License-Identifier: MIT */
/* BLOCK_ADDRESS_BITS: so many bits has an address that malloc can return. Linux gives a process 47 on x86-64 and 48 on
 * AArch64; wider ones of either only where mmap is asked for them by address (Documentation/arch/x86/x86_64/
 * 5level-paging.rst and arm64/memory.rst in the kernel). */
#ifndef PPROFMK_RUNTIME_MEM_ARCH_H
#define PPROFMK_RUNTIME_MEM_ARCH_H

#if defined(__x86_64__)
#define BLOCK_ADDRESS_BITS 47
#elif defined(__aarch64__)
#define BLOCK_ADDRESS_BITS 48
#endif

#endif
