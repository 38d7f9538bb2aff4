/* SPDX-License-Identifier: MIT */
/* Private to profile*.c: a profile from profile.proto's bytes. */
#ifndef PPROFMK_FORMAT_PROFILE_UNPACK_H
#define PPROFMK_FORMAT_PROFILE_UNPACK_H

#include <stddef.h>
#include <stdint.h>

#include "format/profile.h"

/* Read bytes that are not compressed. NULL with what is wrong in error[error_size].
 *
 * limit  bytes of memory that it may take, about.
 * where  added to each position in the sentence (" of the unpacked data"). */
struct profile *profile_unpack(const uint8_t *bytes, size_t size, uint64_t limit, const char *where,
			       char *error, size_t error_size);

#endif
