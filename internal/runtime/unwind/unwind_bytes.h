/* SPDX-License-Identifier: MIT */
/* Pointers as .eh_frame has them: Linux Standard Base Core 5.0, 10.5 (DW_EH_PE). */
#ifndef PPROFMK_RUNTIME_UNWIND_BYTES_H
#define PPROFMK_RUNTIME_UNWIND_BYTES_H

#include "base/dwarf_bytes.h"

enum {
	UNWIND_PE_OMIT = 0xff,
	UNWIND_PE_FORM = 0x0f,
	UNWIND_PE_BASE = 0x70,
	UNWIND_PE_PCREL = 0x10,
	UNWIND_PE_DATAREL = 0x30,
	UNWIND_PE_INDIRECT = 0x80,
	UNWIND_PE_DATAREL_SDATA4 = 0x3b,
};

static inline uint64_t unwind_bytes_form(struct dwarf_bytes *bytes, uint8_t form)
{
	switch (form) {
	case 0x00: /* absptr */
	case 0x04: /* udata8 */
	case 0x0c: /* sdata8 */
		return dwarf_bytes_number(bytes, 8);
	case 0x01:
		return dwarf_bytes_uleb(bytes);
	case 0x02:
		return dwarf_bytes_number(bytes, 2);
	case 0x03:
		return dwarf_bytes_number(bytes, 4);
	case 0x09:
		return dwarf_bytes_sleb(bytes);
	case 0x0a:
		return dwarf_bytes_signed(bytes, 2);
	case 0x0b:
		return dwarf_bytes_signed(bytes, 4);
	default:
		dwarf_bytes_fail(bytes);
		return 0;
	}
}

/* An encoded pointer; of those relative to something only the ones to their own place and, with
 * `data`, to .eh_frame_hdr. An indirect one is read but not followed. */
static inline uintptr_t unwind_bytes_pointer(struct dwarf_bytes *bytes, uint8_t encoding,
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
		dwarf_bytes_fail(bytes);
		return 0;
	}
}

#endif
