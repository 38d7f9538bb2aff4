/* SPDX-License-Identifier: MIT */
/* A call graph in graphviz's language, in the manner of pprof's. */
#ifndef PPROFMK_TOOL_GRAPH_DOT_H
#define PPROFMK_TOOL_GRAPH_DOT_H

#include <stdio.h>

#include "tool/picture/graph_dot_calls.h"

/* Nodes are called N1, N2, … in the order of the rows, nothing else: what people named is in labels only. A node's letters are as large
 * as its flat value; classes heat0 to heat5 say what share of the total its cum, or an edge, has. Edges of inlined calls are
 * dashed, residual ones dotted.
 *
 * unit  of the values. */
void graph_dot_write(FILE *stream, const struct graph *graph, const char *unit);

#endif
