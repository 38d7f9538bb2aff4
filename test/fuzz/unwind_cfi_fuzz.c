/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/unwind/unwind_cfi.c internal/runtime/unwind/unwind_program.c internal/runtime/unwind/unwind_expression.c */
/* Any bytes as a loaded object's call frame information: no read outside of them, and an end. The first bytes say where
 * the header lies and which address is looked up. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/unwind/unwind.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct unwind_cfi cfi;
	struct unwind_row row;
	uint32_t where[2];
	uint8_t *copy;

	if (size < sizeof where + 16)
		return 0;
	memcpy(where, bytes, sizeof where);
	bytes += sizeof where;
	size -= sizeof where;
	/* Of its own size, so that the sanitizer sees a read beyond it. */
	copy = malloc(size);
	if (copy == NULL)
		abort();
	memcpy(copy, bytes, size);
	cfi = (struct unwind_cfi){copy + where[0] % 16, copy, copy + size};
	/* Addresses in the tables are relative to them: near the data or far away. */
	unwind_cfi_row(&cfi, (uintptr_t)copy + where[1] % 0x2000, &row);
	unwind_cfi_row(&cfi, where[1], &row);
	free(copy);
	return 0;
}
