/* SPDX-License-Identifier: MIT */
/* Reading DWARF's encodings from memory that may be damaged, never behind its end. LEB128: DWARF 5, 7.6. */
#ifndef PPROFMK_BASE_DWARF_BYTES_H
#define PPROFMK_BASE_DWARF_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What is left to be read; both NULL is nothing. After an attempt to read more than that, `bad` is set, nothing is left,
 * and what is read is 0 and "". */
struct dwarf_bytes {
	const uint8_t *at, *end;
	bool bad;
};

static inline size_t dwarf_bytes_left(const struct dwarf_bytes *bytes)
{
	return (size_t)(bytes->end - bytes->at);
}

static inline void dwarf_bytes_fail(struct dwarf_bytes *bytes)
{
	bytes->bad = true;
	bytes->at = bytes->end;
}

static inline void dwarf_bytes_skip(struct dwarf_bytes *bytes, uint64_t count)
{
	if (count > dwarf_bytes_left(bytes))
		dwarf_bytes_fail(bytes);
	else
		bytes->at += count;
}

/* The first `count` of what is left, which are skipped, as a reader of their own. */
static inline struct dwarf_bytes dwarf_bytes_take(struct dwarf_bytes *bytes, uint64_t count)
{
	struct dwarf_bytes taken = {bytes->at, bytes->at, false};

	dwarf_bytes_skip(bytes, count);
	taken.end = bytes->bad ? taken.at : bytes->at;
	taken.bad = bytes->bad;
	return taken;
}

/* A number of 1 to 8 bytes, in this machine's order. */
static inline uint64_t dwarf_bytes_number(struct dwarf_bytes *bytes, size_t size)
{
	uint64_t number = 0;

	if (bytes->at == NULL || size > sizeof number || size > dwarf_bytes_left(bytes)) {
		dwarf_bytes_fail(bytes);
		return 0;
	}
	memcpy(&number, bytes->at, size); /* x86-64 and AArch64 Linux: the low byte first */
	bytes->at += size;
	return number;
}

/* Two's complement in a uint64_t, of 1, 2, 4 or 8 bytes: arithmetic on damaged numbers must be allowed to wrap. */
static inline uint64_t dwarf_bytes_signed(struct dwarf_bytes *bytes, size_t size)
{
	unsigned unused = 64 - 8 * (unsigned)size;
	uint64_t number = dwarf_bytes_number(bytes, size);

	return (uint64_t)((int64_t)(number << unused) >> unused);
}

/* LEB128; `bits` is how many it has, `last` its last byte. What is above 64 bits is left out. */
static inline uint64_t dwarf_bytes_leb(struct dwarf_bytes *bytes, unsigned *bits, uint8_t *last)
{
	uint64_t number = 0;

	*bits = 0;
	do {
		*last = (uint8_t)dwarf_bytes_number(bytes, 1);
		if (*bits < 64)
			number |= (uint64_t)(*last & 0x7f) << *bits;
		*bits += 7;
	} while (*last & 0x80);
	return bytes->bad ? 0 : number;
}

static inline uint64_t dwarf_bytes_uleb(struct dwarf_bytes *bytes)
{
	unsigned bits;
	uint8_t last;

	return dwarf_bytes_leb(bytes, &bits, &last);
}

/* Two's complement in a uint64_t, as above. */
static inline uint64_t dwarf_bytes_sleb(struct dwarf_bytes *bytes)
{
	unsigned bits;
	uint8_t last;
	uint64_t number = dwarf_bytes_leb(bytes, &bits, &last);

	return bits < 64 && (last & 0x40) ? number | ~UINT64_C(0) << bits : number;
}

/* A string with its final zero; points into the memory. */
static inline const char *dwarf_bytes_string(struct dwarf_bytes *bytes)
{
	const uint8_t *start = bytes->at;
	const uint8_t *zero =
		dwarf_bytes_left(bytes) > 0 ? memchr(start, 0, dwarf_bytes_left(bytes)) : NULL;

	if (zero == NULL) {
		dwarf_bytes_fail(bytes);
		return "";
	}
	bytes->at = zero + 1;
	return (const char *)start;
}

#endif
