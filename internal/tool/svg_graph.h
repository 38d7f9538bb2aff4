/* SPDX-License-Identifier: MIT */
/* A call graph as an SVG that works alone, laid out by graphviz. */
#ifndef PPROFMK_TOOL_SVG_GRAPH_H
#define PPROFMK_TOOL_SVG_GRAPH_H

#include <stdio.h>

#include "tool/graph_dot_calls.h"
#include "tool/svg_page.h"

/* Write the picture of a graph.
 *
 * Returns 0; -ENOPKG without graphviz's dot, -EIO when it can't lay the graph out in a minute: nothing is written. */
int svg_graph_write(FILE *stream, const struct graph *graph, const struct svg_profile *picture);

#endif
