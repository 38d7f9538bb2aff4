/* SPDX-License-Identifier: MIT */
/* See detour_arch.h. */
#ifndef PPROFMK_RUNTIME_DETOUR_AARCH64_H
#define PPROFMK_RUNTIME_DETOUR_AARCH64_H

#include <stdint.h>
#include <string.h>

enum { DETOUR_SIZE_BYTES = 20 };

static inline void detour_jump(unsigned char *code, const void *target)
{
	/* bti c; ldr x16, .+8; br x16, and behind it the address. x16 is free between caller and function, and a jump
	 * by it may go where a call may. */
	static const uint32_t instructions[] = {0xd503245f, 0x58000050, 0xd61f0200};

	memcpy(code, instructions, sizeof instructions);
	memcpy(code + sizeof instructions, &target, sizeof target);
}

#endif
