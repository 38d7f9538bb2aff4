/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_cut.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { CAP_LEAST = 64, ITEMS = 512 };

void trace_cut_add(struct spool_fold *fold, const struct spool_switch *items, size_t count)
{
	size_t cap = fold->cap > 0 ? fold->cap : CAP_LEAST;
	struct spool_switch *old = fold->items;

	while (2 * (fold->count + count) > cap)
		cap *= 2;
	if (cap > fold->cap) {
		spool_fold_move(fold, xcalloc(cap, sizeof *items), cap);
		free(old);
	}
	spool_fold_add(fold, items, count);
}

/* What lies before the cut. Parts are in the order of time. False: the rest of the CPU's is of the trace. */
static bool add_part(const struct trace_raw *raw, const struct trace_part *part,
		     struct spool_fold *fold)
{
	struct spool_switch items[ITEMS];
	size_t count = 0;
	bool goes_on = true;

	for (size_t at = 0; goes_on && at + sizeof *items <= part->size; at += sizeof *items) {
		memcpy(&items[count], part->bytes + at, sizeof *items);
		goes_on = items[count].ns < raw->cut.begin_ns;
		count += goes_on;
		if (count == ITEMS) {
			trace_cut_add(fold, items, count);
			count = 0;
		}
	}
	trace_cut_add(fold, items, count);
	return goes_on;
}

void trace_cut_fold(const struct trace_raw *raw, struct spool_fold *fold)
{
	trace_cut_add(fold, raw->was, raw->was_count);
	for (size_t cpu = 0; cpu < raw->cpu_count; cpu++) {
		const struct trace_parts *parts = &raw->switches[cpu];
		bool goes_on = true;

		for (size_t i = 0; goes_on && i < parts->count; i++)
			if (parts->items[i].sequence == SPOOL_SCHED)
				goes_on = add_part(raw, &parts->items[i], fold);
	}
	spool_fold_end(fold);
}
