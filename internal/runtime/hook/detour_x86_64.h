/* SPDX-License-Identifier: MIT */
/* See detour_arch.h. */
#ifndef PPROFMK_RUNTIME_DETOUR_X86_64_H
#define PPROFMK_RUNTIME_DETOUR_X86_64_H

#include <string.h>

enum { DETOUR_SIZE_BYTES = 18 };

static inline void detour_jump(unsigned char *code, const void *target)
{
	/* endbr64; jmp *0(%rip), and behind it the address */
	static const unsigned char instructions[] = {0xf3, 0x0f, 0x1e, 0xfa, 0xff,
						     0x25, 0,	 0,    0,    0};

	memcpy(code, instructions, sizeof instructions);
	memcpy(code + sizeof instructions, &target, sizeof target);
}

#endif
