/* SPDX-License-Identifier: MIT */
/* Address ranges, and which of them hold an address. Ranges may nest and overlap: units, functions and symbols do. */
#ifndef PPROFMK_TOOL_SYM_RANGES_H
#define PPROFMK_TOOL_SYM_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sym_range {
	uint64_t low, high; /* low <= address < high */
	uint64_t reach;	    /* highest `high` of this range and those before it; set by sorting */
	uint64_t value;	    /* the caller's */
};

/* All zero is an empty one. */
struct sym_ranges {
	struct sym_range *items;
	size_t len, cap;
};

/* Empty ranges (high <= low) are left out. */
void sym_ranges_add(struct sym_ranges *ranges, uint64_t low, uint64_t high, uint64_t value);

/* By low; of those with an equal low the widest first. Needed between adding and looking up. */
void sym_ranges_sort(struct sym_ranges *ranges);
void sym_ranges_free(struct sym_ranges *ranges);

/* The next range that holds an address, from the one that begins last downwards: of nested ranges, the inner first.
 *
 * cursor  0 to begin with; afterwards left alone by the caller.
 *
 * Returns NULL when there is no other. The pointer stays valid until something is added. */
const struct sym_range *sym_ranges_next(const struct sym_ranges *ranges, uint64_t address,
					size_t *cursor);

#endif
