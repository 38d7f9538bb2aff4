/* SPDX-License-Identifier: MIT */
/* A call graph as an SVG that works alone, laid out by graphviz. */
#ifndef PPROFMK_TOOL_SVG_GRAPH_H
#define PPROFMK_TOOL_SVG_GRAPH_H

#include <stdio.h>

#include "tool/picture/graph_dot_calls.h"
#include "tool/picture/svg_page.h"

/* Write the picture of a graph.
 *
 * Returns 0; -ENOPKG without graphviz's dot, -EIO when it can't lay the graph out in a minute: nothing is written. */
int svg_graph_write(FILE *stream, const struct graph *graph, const struct svg_profile *picture);

/* Several at once, of which starting dot takes most of the time: what is to be laid out, with all that is written on it. */
struct svg_graph;

/* The graph, its profile and the picture's texts may go before it. */
struct svg_graph *svg_graph_new(const struct graph *graph, const struct svg_profile *picture);
void svg_graph_free(struct svg_graph *graph);

/* Lay graphs out, in a minute all of them.
 *
 * pictures  [count]: gets their texts, which the caller frees; NULL for one that dot has not drawn.
 *
 * Returns 0; -ENOPKG without dot, -EIO when nothing can be had from it: all are NULL then. */
int svg_graph_draw(struct svg_graph *const *graphs, size_t count, char **pictures);

#endif
