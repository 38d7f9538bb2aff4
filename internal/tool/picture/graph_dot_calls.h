/* SPDX-License-Identifier: MIT */
/* Who calls whom in a profile, as far as a picture has room for it. */
#ifndef PPROFMK_TOOL_GRAPH_DOT_CALLS_H
#define PPROFMK_TOOL_GRAPH_DOT_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tool/profile/top.h"

struct graph_edge {
	uint32_t from, to; /* rows of the graph */
	int64_t value;	   /* of samples in which the one calls the other; once a sample */
	bool is_residual;  /* in some of them functions between them are left out */
	bool is_inlined;   /* all these calls were inlined */
	size_t counted;	   /* private: number of the last sample, from 1 */
};

struct graph {
	struct top *top;
	struct top_row *rows; /* of `top`, those shown, by flat + cum, the largest first */
	size_t row_count;
	size_t left_out; /* functions that are not shown */
	struct graph_edge *edges;
	size_t edge_count, edge_cap; /* edges: no function calls itself in it */
};

/* What is shown is chosen as pprof does: the 80 largest functions that have 0.5 % of the total, edges of 0.1 % of it, and
 * of residual ones those without another way between the two functions.
 *
 * type  which of the profile's sample types, less than type_count.
 *
 * Never NULL. Valid as long as the profile is. */
struct graph *graph_new(const struct profile *profile, size_t type);
void graph_free(struct graph *graph);

#endif
