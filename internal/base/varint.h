/* SPDX-License-Identifier: MIT */
/* Variable length numbers: LEB128 (DWARF 5, 7.6), and zigzag (protobuf's encoding) for signed ones. */
#ifndef PPROFMK_BASE_VARINT_H
#define PPROFMK_BASE_VARINT_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that the largest number takes. */
enum { VARINT_MAX = 10 };

/* Write a number at `to`, which has room for VARINT_MAX bytes. Returns what comes behind it. Any context. */
static inline uint8_t *varint_put(uint8_t *to, uint64_t number)
{
	while (number >= 0x80) {
		*to++ = (uint8_t)(number | 0x80);
		number >>= 7;
	}
	*to++ = (uint8_t)number;
	return to;
}

/* Read a number of from..end. Returns what comes behind it, NULL where it is cut off or has more than 64 bits. */
static inline const uint8_t *varint_get(const uint8_t *from, const uint8_t *end, uint64_t *number)
{
	uint64_t result = 0;

	for (unsigned shift = 0; from < end && shift < 64; shift += 7) {
		uint8_t byte = *from++;

		if (shift == 63 && byte > 1)
			return NULL;
		result |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			*number = result;
			return from;
		}
	}
	return NULL;
}

/* 0, -1, 1, -2 ... as 0, 1, 2, 3 ... */
static inline uint64_t varint_zigzag(int64_t number)
{
	return ((uint64_t)number << 1) ^ -(uint64_t)(number < 0);
}

static inline int64_t varint_unzigzag(uint64_t number)
{
	return (int64_t)(number >> 1) ^ -(int64_t)(number & 1);
}

#endif
