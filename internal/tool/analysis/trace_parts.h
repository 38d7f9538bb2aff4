/* SPDX-License-Identifier: MIT */
/* Times added up by where they were spent. */
#ifndef PPROFMK_TOOL_TRACE_PARTS_H
#define PPROFMK_TOOL_TRACE_PARTS_H

#include "base/set.h"
#include "tool/analysis/trace_stretch.h"

struct trace_part_sum {
	struct trace_part part;
	uint32_t name, function; /* strings: the threads' name, and what they were started with */
	uint64_t count, ns;
};

/* All zero: empty. Threads of one name and function are one. */
struct trace_part_sums {
	struct trace_part_sum *sums;
	size_t len, cap;
	struct set set; /* private */
};

void trace_parts_add(struct trace_part_sums *sums, const struct trace_thread *thread,
		     struct trace_part part, uint64_t count, uint64_t ns);
void trace_parts_free(struct trace_part_sums *sums);

#endif
