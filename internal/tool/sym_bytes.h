/* SPDX-License-Identifier: MIT */
/* Reading DWARF's encodings from memory: never behind the end. */
#ifndef PPROFMK_TOOL_SYM_BYTES_H
#define PPROFMK_TOOL_SYM_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What is left to be read; `at` is never NULL. After an attempt to read more than that, `bad` is set and what is read is 0 and "". */
struct sym_bytes {
	const uint8_t *at, *end;
	bool bad;
};

static inline size_t sym_bytes_left(const struct sym_bytes *bytes)
{
	return (size_t)(bytes->end - bytes->at);
}

static inline void sym_bytes_fail(struct sym_bytes *bytes)
{
	bytes->bad = true;
	bytes->at = bytes->end;
}

static inline void sym_bytes_skip(struct sym_bytes *bytes, uint64_t count)
{
	if (count > sym_bytes_left(bytes))
		sym_bytes_fail(bytes);
	else
		bytes->at += count;
}

/* The first `count` of what is left, which are skipped. */
static inline struct sym_bytes sym_bytes_take(struct sym_bytes *bytes, uint64_t count)
{
	struct sym_bytes taken = {bytes->at, bytes->at, false};

	sym_bytes_skip(bytes, count);
	taken.end = bytes->bad ? taken.at : bytes->at;
	taken.bad = bytes->bad;
	return taken;
}

/* A number of 1 to 8 bytes, in this machine's order. */
static inline uint64_t sym_bytes_number(struct sym_bytes *bytes, size_t size)
{
	uint64_t number = 0;

	if (size > sizeof(number) || size > sym_bytes_left(bytes)) {
		sym_bytes_fail(bytes);
		return 0;
	}
	memcpy(&number, bytes->at, size); /* x86-64 and AArch64 Linux: the low byte first */
	bytes->at += size;
	return number;
}

static inline uint64_t sym_bytes_uleb(struct sym_bytes *bytes)
{
	uint64_t number = 0;
	unsigned shift = 0;

	while (bytes->at < bytes->end) {
		uint8_t byte = *bytes->at++;

		if (shift < 64)
			number |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
		if (!(byte & 0x80))
			return number;
	}
	sym_bytes_fail(bytes);
	return 0;
}

static inline int64_t sym_bytes_sleb(struct sym_bytes *bytes)
{
	uint64_t number = 0;
	unsigned shift = 0;

	while (bytes->at < bytes->end) {
		uint8_t byte = *bytes->at++;

		if (shift < 64)
			number |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
		if (byte & 0x80)
			continue;
		if (shift < 64 && (byte & 0x40))
			number |= ~UINT64_C(0) << shift;
		return (int64_t)number;
	}
	sym_bytes_fail(bytes);
	return 0;
}

/* A string with its final zero; points into the memory. */
static inline const char *sym_bytes_string(struct sym_bytes *bytes)
{
	const uint8_t *start = bytes->at;
	const uint8_t *zero = start < bytes->end ? memchr(start, 0, sym_bytes_left(bytes)) : NULL;

	if (!zero) {
		sym_bytes_fail(bytes);
		return "";
	}
	bytes->at = zero + 1;
	return (const char *)start;
}

#endif
