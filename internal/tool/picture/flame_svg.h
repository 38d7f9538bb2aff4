/* SPDX-License-Identifier: MIT */
/* A flame graph as an SVG that works alone: script and colours are in it, and without script it can be read. */
#ifndef PPROFMK_TOOL_FLAME_SVG_H
#define PPROFMK_TOOL_FLAME_SVG_H

#include <stdio.h>

#include "tool/picture/flame.h"
#include "tool/picture/flame_diff.h"
#include "tool/picture/svg_page.h"

/* Write the picture of a sorted tree, its root at the top: a box for each node, as wide as its share of the root's
 * FLAME_NEW. At most some 1.3 MB: what is too small to be seen is left out, and the picture says how much that is.
 *
 * diff  NULL: colours are those of files; else of what has changed, and there are notes below. */
struct flame_choice flame_svg_write(FILE *stream, struct flame *flame,
				    const struct svg_profile *picture,
				    const struct flame_diff *diff);

/* The colour of a function, the same in all pictures: 0 to 27, as the classes c0 to c27 of picture.css. Hue and shade are the
 * file's, so that what belongs together looks so, but for a little of the shade. -1, grey: nothing but a library is known.
 *
 * file  as frames_short_file() has it. */
int flame_svg_colour(const char *name, const char *file);

#endif
