/* SPDX-License-Identifier: MIT */
#include "tool/svg_graph.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/command_output.h"
#include "tool/graph_dot.h"
#include "tool/human.h"
#include "tool/pprof_program.h"
#include "tool/svg_text.h"

#define GRAPH_TOP_PX 98
#define NAME_COLUMNS 300
#define PX_PER_PT    (4.0 / 3)

struct drawing {
	FILE *stream;
	const struct graph *graph;
	const char *unit;
};

/* dot reads it from there: in whatever way we end, nothing is left. -1 when there is no memory for it. The caller
 * closes it. */
static int write_dot(const struct graph *graph, const char *unit)
{
	int fd = memfd_create("pprofmk", 0), copy = fd >= 0 ? dup(fd) : -1;
	FILE *stream = copy >= 0 ? fdopen(copy, "w") : NULL;

	if (stream) {
		graph_dot_write(stream, graph, unit);
		if (fclose(stream) == 0)
			return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

/* What dot makes of a graph, NULL with *error set. The caller frees it. */
static char *lay_out(const struct graph *graph, const char *unit, int *error)
{
	char *program = pprof_program_path("dot"), *bytes = NULL, *file;
	int fd = program ? write_dot(graph, unit) : -1;
	size_t size;

	*error = program ? -EIO : -ENOPKG;
	if (fd >= 0) {
		file = xasprintf("/dev/fd/%d", fd);
		bytes = command_output_all(".", (char *[]){program, "-Tsvg", file, NULL}, &size);
		close(fd);
		free(file);
	}
	free(program);
	if (bytes && strstr(bytes, "</svg>"))
		return bytes;
	free(bytes);
	return NULL;
}

/* "30ms, 10.00%" */
static void put_value(const struct drawing *drawing, int64_t value)
{
	char text[HUMAN_SIZE], share[HUMAN_SIZE];

	fprintf(drawing->stream, "%s, %s", human_value(text, sizeof(text), value, drawing->unit),
		human_percent(share, sizeof(share), value, drawing->graph->top->total));
}

static void put_row_title(const struct drawing *drawing, const struct top_row *row)
{
	svg_text(drawing->stream, row->name, NAME_COLUMNS);
	if (*row->file) {
		putc('\n', drawing->stream);
		svg_text(drawing->stream, row->file, NAME_COLUMNS);
		if (row->line > 0)
			fprintf(drawing->stream, ":%" PRId64, row->line);
	}
	putc('\n', drawing->stream);
	put_value(drawing, row->cum);
	fputs("; itself ", drawing->stream);
	put_value(drawing, row->flat);
}

static void put_edge_title(const struct drawing *drawing, size_t from, size_t to)
{
	const struct graph *graph = drawing->graph;

	svg_text(drawing->stream, graph->rows[from].name, NAME_COLUMNS);
	fputs(" \xe2\x86\x92 ", drawing->stream);
	svg_text(drawing->stream, graph->rows[to].name, NAME_COLUMNS);
	for (size_t i = 0; i < graph->edge_count; i++) {
		const struct graph_edge *edge = &graph->edges[i];

		if (edge->from != from || edge->to != to)
			continue;
		putc('\n', drawing->stream);
		put_value(drawing, edge->value);
		if (edge->is_inlined)
			fputs("; inlined", drawing->stream);
		if (edge->is_residual)
			fputs("; there are functions between them that are not shown",
			      drawing->stream);
	}
}

/* dot's titles are our names of nodes: "N1", "N1&#45;&gt;N2"; that of the graph is left out. */
static void put_title(const struct drawing *drawing, const char *line)
{
	size_t from = 0, to = 0, rows = drawing->graph->row_count;
	int found = sscanf(line, "<title>N%zu&#45;&gt;N%zu<", &from, &to);

	if (found < 1 || from < 1 || from > rows || (found == 2 && (to < 1 || to > rows)))
		return;
	fputs("<title>", drawing->stream);
	if (found == 2)
		put_edge_title(drawing, from - 1, to - 1);
	else
		put_row_title(drawing, &drawing->graph->rows[from - 1]);
	fputs("</title>\n", drawing->stream);
}

static bool begins(const char *line, const char *with)
{
	return strncmp(line, with, strlen(with)) == 0;
}

/* Copy what dot drew, line by line: each element has its own. Not its names for elements: a page may have several graphs. */
static void put_lines(const struct drawing *drawing, char *lines)
{
	char *rest = lines, *line;

	while ((line = strsep(&rest, "\n")) && !begins(line, "</svg>")) {
		const char *class = begins(line, "<g id=") ? strstr(line, " class=") : NULL;

		if (begins(line, "<title>"))
			put_title(drawing, line);
		else if (class)
			fprintf(drawing->stream, "<g%s\n", class);
		else if (!begins(line, "<!--"))
			fprintf(drawing->stream, "%s\n", line);
	}
}

/* Of the functions, and how many there is no room for. */
static void put_details(const struct drawing *drawing, const char *type)
{
	char text[HUMAN_SIZE];

	fprintf(drawing->stream, "<text class=\"details note\" x=\"%d\" y=\"%d\">%s ",
		SVG_MARGIN_PX, GRAPH_TOP_PX - 8,
		human_value(text, sizeof(text), drawing->graph->top->total, drawing->unit));
	svg_text(drawing->stream, type, NAME_COLUMNS);
	fprintf(drawing->stream, "; %zu functions", drawing->graph->row_count);
	if (drawing->graph->left_out)
		fprintf(drawing->stream, ", the %zu smaller ones are not shown",
			drawing->graph->left_out);
	fputs("</text>\n", drawing->stream);
}

/* bytes  what dot wrote; changed. */
static int put_drawing(const struct drawing *drawing, char *bytes,
		       const struct svg_profile *picture)
{
	char *head = strstr(bytes, "<svg "), *box = head ? strstr(head, "viewBox=\"") : NULL;
	char *body = box ? strstr(box, ">\n") : NULL;
	double width, height, scale;
	struct svg_page page = {.title = picture->title,
				.width_px = picture->width_px,
				.is_bare = picture->is_bare};
	double room = picture->width_px - 2.0 * SVG_MARGIN_PX;

	if (!body || sscanf(box, "viewBox=\"%*f %*f %lf %lf\"", &width, &height) != 2)
		return -EIO;
	scale = room / width < PX_PER_PT ? room / width : PX_PER_PT;
	page.height_px = GRAPH_TOP_PX + (uint64_t)(height * scale) + 2 * SVG_MARGIN_PX;
	svg_page_begin(drawing->stream, &page);
	put_details(drawing, picture->type);
	fprintf(drawing->stream,
		"<svg class=\"drawing\" x=\"%d\" y=\"%d\" width=\"%.0f\" height=\"%.0f\" "
		"viewBox=\"0 0 %.2f %.2f\">\n",
		SVG_MARGIN_PX, GRAPH_TOP_PX, room, height * scale + 1, width, height);
	put_lines(drawing, body + 2);
	fputs("</svg>\n", drawing->stream);
	svg_page_end(drawing->stream, &page, web_graph_js, "pprofGraph");
	return 0;
}

int svg_graph_write(FILE *stream, const struct graph *graph, const struct svg_profile *picture)
{
	struct drawing drawing = {.stream = stream, .graph = graph, .unit = picture->unit};
	int error;
	char *bytes = lay_out(graph, picture->unit, &error);

	if (bytes)
		error = put_drawing(&drawing, bytes, picture);
	free(bytes);
	return error;
}
