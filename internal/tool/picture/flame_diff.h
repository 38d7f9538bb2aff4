/* SPDX-License-Identifier: MIT */
/* What two profiles beside each other differ in, as a flame graph shows it. */
#ifndef PPROFMK_TOOL_FLAME_DIFF_H
#define PPROFMK_TOOL_FLAME_DIFF_H

#include <stdbool.h>
#include <stdio.h>

#include "tool/picture/flame.h"

struct flame_diff {
	const char *base;   /* file compared with */
	bool is_normalised; /* shares of the totals are compared, not values */
};

/* The class of picture.css for a change: more1 to more4, less1 to less4, same. The change is that of the larger of both values; steps
 * at 5, 15, 35 and 70 % of it. */
const char *flame_diff_class(const struct flame *flame, const struct flame_node *node,
			     const struct flame_diff *diff);

/* Lines for a tooltip, each with a newline in front: the base's value, and the change. */
void flame_diff_put_title(FILE *stream, const struct flame *flame, const struct flame_node *node,
			  const struct flame_diff *diff, const char *unit);

/* What the colours mean, and the calls that only the base has: of each stack the outermost, the largest first.
 *
 * stream  NULL: write nothing.
 * y       where the first line begins.
 *
 * Returns how high it is. */
unsigned flame_diff_put_notes(FILE *stream, const struct flame *flame,
			      const struct flame_diff *diff, const char *unit, uint64_t y,
			      unsigned width_px);

#endif
