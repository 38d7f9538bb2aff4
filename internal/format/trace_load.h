/* SPDX-License-Identifier: MIT */
/* How many threads are in each state over time: the states of all of them, added up in parts of equal length.
 *
 * How long the trace will be is not known while it is written. Where the parts run out, neighbours become one: a part is
 * always 2^k ns long, and there are never more than TRACE_LOAD_PARTS. */
#ifndef PPROFMK_FORMAT_TRACE_LOAD_H
#define PPROFMK_FORMAT_TRACE_LOAD_H

#include "format/trace_file.h"

enum { TRACE_LOAD_PARTS = 1 << 16 };

struct trace_load {
	uint64_t part_ns;
	size_t part_count; /* used */
	double (*ns)[TRACE_STATE_COUNT];
};

void trace_load_init(struct trace_load *load);
void trace_load_free(struct trace_load *load);
void trace_load_add(struct trace_load *load, const struct trace_state_item *item);

/* Make neighbours one until there are at most so many parts. */
void trace_load_shrink(struct trace_load *load, size_t part_count);

#endif
