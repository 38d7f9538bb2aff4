/* SPDX-License-Identifier: MIT */
#include "tool/sym/sym_ranges.h"

#include <stdlib.h>

#include "base/xalloc.h"

void sym_ranges_add(struct sym_ranges *ranges, uint64_t low, uint64_t high, uint64_t value)
{
	if (high <= low)
		return;
	ranges->items = xgrow(ranges->items, ranges->len, &ranges->cap, sizeof(*ranges->items));
	ranges->items[ranges->len++] = (struct sym_range){low, high, 0, value};
}

static int compare(const void *a_item, const void *b_item)
{
	const struct sym_range *a = a_item, *b = b_item;

	if (a->low != b->low)
		return a->low < b->low ? -1 : 1;
	if (a->high != b->high)
		return a->high > b->high ? -1 : 1;
	return a->value < b->value ? -1 : a->value > b->value;
}

void sym_ranges_sort(struct sym_ranges *ranges)
{
	uint64_t reach = 0;

	if (ranges->len == 0)
		return;
	qsort(ranges->items, ranges->len, sizeof(*ranges->items), compare);
	for (size_t i = 0; i < ranges->len; i++) {
		if (ranges->items[i].high > reach)
			reach = ranges->items[i].high;
		ranges->items[i].reach = reach;
	}
}

void sym_ranges_free(struct sym_ranges *ranges)
{
	free(ranges->items);
	*ranges = (struct sym_ranges){NULL, 0, 0};
}

/* Number of ranges that begin at or before the address. */
static size_t count_begun(const struct sym_ranges *ranges, uint64_t address)
{
	size_t from = 0, to = ranges->len;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (ranges->items[middle].low <= address)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* The cursor is one more than the number of ranges still to be looked at, so that 0 can mean the beginning. */
const struct sym_range *sym_ranges_next(const struct sym_ranges *ranges, uint64_t address,
					size_t *cursor)
{
	size_t left = *cursor == 0 ? count_begun(ranges, address) : *cursor - 1;

	while (left > 0 && ranges->items[left - 1].reach > address) {
		const struct sym_range *range = &ranges->items[--left];

		*cursor = left + 1;
		if (range->high > address)
			return range;
	}
	*cursor = 1;
	return NULL;
}
