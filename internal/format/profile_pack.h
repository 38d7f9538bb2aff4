/* SPDX-License-Identifier: MIT */
/* Private to profile*.c: a profile as profile.proto's bytes. */
#ifndef PPROFMK_FORMAT_PROFILE_PACK_H
#define PPROFMK_FORMAT_PROFILE_PACK_H

#include <stddef.h>
#include <stdint.h>

#include "format/profile.h"

/* The bytes of a profile, not compressed. NULL when there is no memory for them. The caller frees them. */
uint8_t *profile_pack(const struct profile *profile, size_t *size);

#endif
