/* SPDX-License-Identifier: MIT */
#include "format/trace_load.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { FIRST_PART_NS = 1024 };

void trace_load_init(struct trace_load *load)
{
	load->part_ns = FIRST_PART_NS;
	load->part_count = 0;
	load->ns = xcalloc(TRACE_LOAD_PARTS, sizeof *load->ns);
}

void trace_load_free(struct trace_load *load)
{
	free(load->ns);
	load->ns = NULL;
}

static void halve(struct trace_load *load)
{
	size_t half = (load->part_count + 1) / 2;

	for (size_t i = 0; i < half; i++) {
		for (size_t s = 0; s < TRACE_STATE_COUNT; s++) {
			double sum = load->ns[2 * i][s];

			if (2 * i + 1 < load->part_count)
				sum += load->ns[2 * i + 1][s];
			load->ns[i][s] = sum;
		}
	}
	memset(load->ns + half, 0, (load->part_count - half) * sizeof *load->ns);
	load->part_count = half;
	load->part_ns *= 2;
}

void trace_load_shrink(struct trace_load *load, size_t part_count)
{
	while (load->part_count > part_count)
		halve(load);
}

void trace_load_add(struct trace_load *load, const struct trace_state_item *item)
{
	uint64_t at_ns = item->start_ns;

	if (item->end_ns <= item->start_ns)
		return;
	while ((item->end_ns - 1) / load->part_ns >= TRACE_LOAD_PARTS)
		halve(load);
	if ((item->end_ns - 1) / load->part_ns >= load->part_count)
		load->part_count = (item->end_ns - 1) / load->part_ns + 1;
	for (size_t part = at_ns / load->part_ns; at_ns < item->end_ns; part++) {
		uint64_t end_ns = (part + 1) * load->part_ns;

		if (end_ns > item->end_ns)
			end_ns = item->end_ns;
		load->ns[part][item->state] += (double)(end_ns - at_ns);
		at_ns = end_ns;
	}
}
