/* SPDX-License-Identifier: MIT */
/* Reading DWARF's encodings from memory that may be damaged: past the end everything reads as 0
 * and `bad` is set. Encodings: DWARF 5, 7.6 (LEB128); Linux Standard Base Core 5.0, 10.5
 * (DW_EH_PE). */
#ifndef PPROFMK_RUNTIME_UNWIND_BYTES_H
#define PPROFMK_RUNTIME_UNWIND_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct unwind_bytes {
	const uint8_t *at, *end;
	bool bad;
};

static inline size_t unwind_bytes_left(const struct unwind_bytes *bytes)
{
	return (size_t)(bytes->end - bytes->at);
}

static inline void unwind_bytes_fail(struct unwind_bytes *bytes)
{
	bytes->bad = true;
	bytes->at = bytes->end;
}

static inline void unwind_bytes_skip(struct unwind_bytes *bytes, uint64_t count)
{
	if (count > unwind_bytes_left(bytes))
		unwind_bytes_fail(bytes);
	else
		bytes->at += count;
}

/* The next `count` bytes as a reader of their own. */
static inline struct unwind_bytes unwind_bytes_part(struct unwind_bytes *bytes, uint64_t count)
{
	struct unwind_bytes part = {bytes->at, bytes->at, false};

	unwind_bytes_skip(bytes, count);
	part.end = bytes->bad ? part.at : bytes->at;
	return part;
}

/* A little-endian number of 1, 2, 4 or 8 bytes. */
static inline uint64_t unwind_bytes_fixed(struct unwind_bytes *bytes, size_t size)
{
	uint64_t value = 0;

	if (bytes->at == NULL || size > unwind_bytes_left(bytes)) {
		unwind_bytes_fail(bytes);
		return 0;
	}
	memcpy(&value, bytes->at, size);
	bytes->at += size;
	return value;
}

static inline uint64_t unwind_bytes_signed(struct unwind_bytes *bytes, size_t size)
{
	unsigned unused = 64 - 8 * (unsigned)size;
	uint64_t value = unwind_bytes_fixed(bytes, size);

	return (uint64_t)((int64_t)(value << unused) >> unused);
}

static inline uint64_t unwind_bytes_uleb(struct unwind_bytes *bytes)
{
	uint64_t value = 0, byte;
	unsigned shift = 0;

	do {
		byte = unwind_bytes_fixed(bytes, 1);
		if (shift < 64)
			value |= (byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80);
	return value;
}

/* Two's complement in a uint64_t: the callers' arithmetic on damaged numbers must be allowed to
 * wrap. */
static inline uint64_t unwind_bytes_sleb(struct unwind_bytes *bytes)
{
	uint64_t value = 0, byte;
	unsigned shift = 0;

	do {
		byte = unwind_bytes_fixed(bytes, 1);
		if (shift < 64)
			value |= (byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80);
	if (shift < 64 && (byte & 0x40))
		value |= ~UINT64_C(0) << shift;
	return value;
}

enum {
	UNWIND_PE_OMIT = 0xff,
	UNWIND_PE_FORM = 0x0f,
	UNWIND_PE_BASE = 0x70,
	UNWIND_PE_PCREL = 0x10,
	UNWIND_PE_DATAREL = 0x30,
	UNWIND_PE_INDIRECT = 0x80,
	UNWIND_PE_DATAREL_SDATA4 = 0x3b,
};

static inline uint64_t unwind_bytes_form(struct unwind_bytes *bytes, uint8_t form)
{
	switch (form) {
	case 0x00: /* absptr */
	case 0x04: /* udata8 */
	case 0x0c: /* sdata8 */
		return unwind_bytes_fixed(bytes, 8);
	case 0x01:
		return unwind_bytes_uleb(bytes);
	case 0x02:
		return unwind_bytes_fixed(bytes, 2);
	case 0x03:
		return unwind_bytes_fixed(bytes, 4);
	case 0x09:
		return unwind_bytes_sleb(bytes);
	case 0x0a:
		return unwind_bytes_signed(bytes, 2);
	case 0x0b:
		return unwind_bytes_signed(bytes, 4);
	default:
		unwind_bytes_fail(bytes);
		return 0;
	}
}

/* An encoded pointer; of those relative to something only the ones to their own place and, with
 * `data`, to .eh_frame_hdr. An indirect one is read but not followed. */
static inline uintptr_t unwind_bytes_pointer(struct unwind_bytes *bytes, uint8_t encoding,
					     const uint8_t *data)
{
	uintptr_t place = (uintptr_t)bytes->at;
	uint64_t value = unwind_bytes_form(bytes, encoding & UNWIND_PE_FORM);

	switch (encoding & UNWIND_PE_BASE) {
	case 0:
		return value;
	case UNWIND_PE_PCREL:
		return place + value;
	case UNWIND_PE_DATAREL:
		return (uintptr_t)data + value;
	default:
		unwind_bytes_fail(bytes);
		return 0;
	}
}

#endif
