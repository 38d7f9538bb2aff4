/* SPDX-License-Identifier: MIT */
#include "tool/picture/graph_dot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sum.h"
#include "tool/common/human.h"
#include "tool/picture/svg_text.h"

#define NAME_COLUMNS 60
/* pprof's sizes: from 8 points for nothing to 24 for the largest. */
#define FONT_PT	       8
#define FONT_GROWTH_PT 16

/* As a string of DOT, where a backslash begins an escape and an ampersand an entity of HTML. */
static void put_label(FILE *stream, const char *text, size_t columns)
{
	char *clean = svg_clean(text, columns);

	for (const char *p = clean; *p; p++) {
		if (*p == '&')
			fputs("&amp;", stream);
		else if (*p == '"' || *p == '\\')
			fprintf(stream, "\\%c", *p);
		else
			putc(*p, stream);
	}
	free(clean);
}

static double share_of(const struct graph *graph, int64_t value)
{
	return graph->top->total ? (double)sum_magnitude(value) / (double)graph->top->total : 0;
}

static unsigned heat_of(double share)
{
	static const double steps[] = {0.01, 0.05, 0.15, 0.35, 0.7};
	unsigned heat = 0;

	while (heat < sizeof(steps) / sizeof(steps[0]) && share >= steps[heat])
		heat++;
	return heat;
}

static int64_t largest_flat(const struct graph *graph)
{
	int64_t largest = 1;

	for (size_t i = 0; i < graph->row_count; i++) {
		int64_t flat = sum_magnitude(graph->rows[i].flat);

		largest = flat > largest ? flat : largest;
	}
	return largest;
}

static unsigned font_of(int64_t flat, int64_t largest)
{
	double part = sqrt((double)sum_magnitude(flat) / (double)largest);

	return FONT_PT + (unsigned)ceil(FONT_GROWTH_PT * part);
}

/* Lines: name, file, "30ms (10.00%)", "of 60ms (20.00%)". */
static void put_row(FILE *stream, const struct graph *graph, size_t place, const char *unit,
		    int64_t largest)
{
	const struct top_row *row = &graph->rows[place];
	const char *slash = strrchr(row->file, '/');
	char value[HUMAN_SIZE], share[HUMAN_SIZE];

	fprintf(stream, "N%zu [class=\"heat%u\" fontsize=%u label=\"", place + 1,
		heat_of(share_of(graph, row->cum)), font_of(row->flat, largest));
	put_label(stream, row->name, NAME_COLUMNS);
	if (*row->file) {
		fputs("\\n", stream);
		put_label(stream, slash ? slash + 1 : row->file, NAME_COLUMNS);
	}
	if (row->flat)
		fprintf(stream, "\\n%s (%s)", human_value(value, sizeof(value), row->flat, unit),
			human_percent(share, sizeof(share), row->flat, graph->top->total));
	if (row->cum != row->flat)
		fprintf(stream, "\\n%s%s (%s)", row->flat ? "of " : "0 of ",
			human_value(value, sizeof(value), row->cum, unit),
			human_percent(share, sizeof(share), row->cum, graph->top->total));
	fputs("\"];\n", stream);
}

static void put_edge(FILE *stream, const struct graph *graph, const struct graph_edge *edge,
		     const char *unit)
{
	char value[HUMAN_SIZE];
	double share = share_of(graph, edge->value);

	/* A heavy edge is drawn straight. */
	fprintf(stream,
		"N%u -> N%u [class=\"heat%u\" weight=%d penwidth=%.1f label=\" %s%s\" "
		"style=\"%s\"];\n",
		edge->from + 1, edge->to + 1, heat_of(share), 1 + (int)(100 * fmin(share, 1)),
		1 + 5 * fmin(share, 1), human_value(value, sizeof(value), edge->value, unit),
		edge->is_inlined ? " (inline)" : "",
		edge->is_residual  ? "dotted"
		: edge->is_inlined ? "dashed"
				   : "solid");
}

void graph_dot_write(FILE *stream, const struct graph *graph, const char *unit)
{
	int64_t largest = largest_flat(graph);

	fputs("digraph pprof {\nnode [shape=box style=filled fillcolor=\"#f4e3d6\" "
	      "fontname=\"Courier\"];\nedge [fontname=\"Courier\" fontsize=10];\n",
	      stream);
	for (size_t i = 0; i < graph->row_count; i++)
		put_row(stream, graph, i, unit, largest);
	for (size_t i = 0; i < graph->edge_count; i++)
		put_edge(stream, graph, &graph->edges[i], unit);
	fputs("}\n", stream);
}
