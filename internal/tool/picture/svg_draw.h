/* SPDX-License-Identifier: MIT */
/* The two pictures of a profile's sample type. */
#ifndef PPROFMK_TOOL_SVG_DRAW_H
#define PPROFMK_TOOL_SVG_DRAW_H

#include "format/profile.h"
#include "tool/picture/svg_page.h"

/* Write a flame graph. Returns 0. */
int svg_draw_flame(FILE *stream, const struct profile *profile, size_t type,
		   const struct svg_profile *picture);

/* Write a call graph. Returns what svg_graph_write() does. */
int svg_draw_graph(FILE *stream, const struct profile *profile, size_t type,
		   const struct svg_profile *picture);

#endif
