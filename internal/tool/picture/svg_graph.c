/* SPDX-License-Identifier: MIT */
#include "tool/picture/svg_graph.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "format/write_file.h"
#include "tool/common/command_output.h"
#include "tool/common/human.h"
#include "tool/picture/graph_dot.h"
#include "tool/picture/svg_text.h"
#include "tool/profile/pprof_program.h"

#define GRAPH_TOP_PX 98
#define NAME_COLUMNS 300
#define PX_PER_PT    (4.0 / 3)

/* What is known of an arrow before it is laid out. */
struct arrow {
	size_t from, to; /* boxes, from 0 */
	char *title;
};

struct svg_graph {
	char *dot; /* what graphviz reads */
	char *title, *details;
	unsigned width_px;
	bool is_bare;
	size_t box_count, arrow_count;
	char **boxes; /* titles */
	struct arrow *arrows;
};

/* A text being written. */
struct writing {
	FILE *stream;
	const struct graph *graph;
	const char *unit;
	char *text;
	size_t size;
};

static void begin(struct writing *writing)
{
	writing->text = NULL;
	writing->stream = open_memstream(&writing->text, &writing->size);
	if (!writing->stream)
		xalloc_failed();
}

/* The text, which the caller frees. */
static char *end(struct writing *writing)
{
	if (fclose(writing->stream) != 0)
		xalloc_failed();
	return writing->text;
}

/* "30ms, 10.00%" */
static void put_value(const struct writing *writing, int64_t value)
{
	char text[HUMAN_SIZE], share[HUMAN_SIZE];

	fprintf(writing->stream, "%s, %s", human_value(text, sizeof(text), value, writing->unit),
		human_percent(share, sizeof(share), value, writing->graph->top->total));
}

static char *box_title(struct writing *writing, const struct top_row *row)
{
	begin(writing);
	svg_text(writing->stream, row->name, NAME_COLUMNS);
	if (*row->file) {
		putc('\n', writing->stream);
		svg_text(writing->stream, row->file, NAME_COLUMNS);
		if (row->line > 0)
			fprintf(writing->stream, ":%" PRId64, row->line);
	}
	putc('\n', writing->stream);
	put_value(writing, row->cum);
	fputs("; itself ", writing->stream);
	put_value(writing, row->flat);
	return end(writing);
}

static char *arrow_title(struct writing *writing, const struct graph_edge *edge)
{
	const struct top_row *rows = writing->graph->rows;

	begin(writing);
	svg_text(writing->stream, rows[edge->from].name, NAME_COLUMNS);
	fputs(" \xe2\x86\x92 ", writing->stream);
	svg_text(writing->stream, rows[edge->to].name, NAME_COLUMNS);
	putc('\n', writing->stream);
	put_value(writing, edge->value);
	if (edge->is_inlined)
		fputs("; inlined", writing->stream);
	if (edge->is_residual)
		fputs("; there are functions between them that are not shown", writing->stream);
	return end(writing);
}

/* Of the functions, and how many there is no room for. */
static char *details_of(struct writing *writing, const char *type)
{
	const struct graph *graph = writing->graph;
	char text[HUMAN_SIZE];

	begin(writing);
	fprintf(writing->stream, "%s ",
		human_value(text, sizeof(text), graph->top->total, writing->unit));
	svg_text(writing->stream, type, NAME_COLUMNS);
	fprintf(writing->stream, "; %zu functions", graph->row_count);
	if (graph->left_out)
		fprintf(writing->stream, ", the %zu smaller %s not shown", graph->left_out,
			graph->left_out == 1 ? "one is" : "ones are");
	return end(writing);
}

struct svg_graph *svg_graph_new(const struct graph *graph, const struct svg_profile *picture)
{
	struct svg_graph *drawn = xcalloc(1, sizeof(*drawn));
	struct writing writing = {.graph = graph, .unit = picture->unit};

	drawn->title = xstrdup(picture->title);
	drawn->width_px = picture->width_px;
	drawn->is_bare = picture->is_bare;
	drawn->details = details_of(&writing, picture->type);
	begin(&writing);
	graph_dot_write(writing.stream, graph, picture->unit);
	drawn->dot = end(&writing);
	drawn->boxes = xcalloc(graph->row_count, sizeof(*drawn->boxes));
	for (; drawn->box_count < graph->row_count; drawn->box_count++)
		drawn->boxes[drawn->box_count] =
			box_title(&writing, &graph->rows[drawn->box_count]);
	drawn->arrows = xcalloc(graph->edge_count, sizeof(*drawn->arrows));
	for (; drawn->arrow_count < graph->edge_count; drawn->arrow_count++) {
		const struct graph_edge *edge = &graph->edges[drawn->arrow_count];

		drawn->arrows[drawn->arrow_count] =
			(struct arrow){edge->from, edge->to, arrow_title(&writing, edge)};
	}
	return drawn;
}

void svg_graph_free(struct svg_graph *graph)
{
	if (!graph)
		return;
	for (size_t i = 0; i < graph->box_count; i++)
		free(graph->boxes[i]);
	for (size_t i = 0; i < graph->arrow_count; i++)
		free(graph->arrows[i].title);
	free(graph->boxes);
	free(graph->arrows);
	free(graph->details);
	free(graph->title);
	free(graph->dot);
	free(graph);
}

/* dot reads all from there: in whatever way we end, nothing is left. -1 when there is no memory for it. The caller closes
 * it. */
static int write_dot(struct svg_graph *const *graphs, size_t count)
{
	int fd = memfd_create("pprofmk", 0); /* dot inherits it */
	int error = 0;

	for (size_t i = 0; fd >= 0 && error == 0 && i < count; i++)
		error = fmt_write_all(fd, graphs[i]->dot, strlen(graphs[i]->dot));
	if (error == 0)
		return fd;
	close(fd);
	return -1;
}

/* What dot makes of graphs, one after the other, NULL with *error set. The caller frees it. */
static char *lay_out(struct svg_graph *const *graphs, size_t count, int *error)
{
	char *program = pprof_program_path("dot"), *bytes = NULL, *file;
	int fd = program ? write_dot(graphs, count) : -1;
	size_t size;

	*error = program ? -EIO : -ENOPKG;
	if (fd >= 0) {
		file = xasprintf("/dev/fd/%d", fd);
		bytes = command_output_all(".", (char *[]){program, "-Tsvg", file, NULL}, &size);
		close(fd);
		free(file);
	}
	free(program);
	return bytes;
}

/* dot's titles are our names of nodes: "N1", "N1&#45;&gt;N2"; that of the graph is left out. */
static void put_title(FILE *stream, const struct svg_graph *graph, const char *line)
{
	size_t from = 0, to = 0;
	int found = sscanf(line, "<title>N%zu&#45;&gt;N%zu<", &from, &to);
	const char *title = NULL;

	if (found == 1 && from >= 1 && from <= graph->box_count)
		title = graph->boxes[from - 1];
	for (size_t i = 0; found == 2 && i < graph->arrow_count; i++)
		if (graph->arrows[i].from + 1 == from && graph->arrows[i].to + 1 == to)
			title = graph->arrows[i].title;
	if (title)
		fprintf(stream, "<title>%s</title>\n", title);
}

static bool begins(const char *line, const char *with)
{
	return strncmp(line, with, strlen(with)) == 0;
}

/* Copy what dot drew, line by line: each element has its own. Not its names for elements: a page may have several graphs. */
static void put_lines(FILE *stream, const struct svg_graph *graph, char *lines)
{
	char *rest = lines, *line;

	while ((line = strsep(&rest, "\n")) && !begins(line, "</svg>")) {
		const char *class = begins(line, "<g id=") ? strstr(line, " class=") : NULL;

		if (begins(line, "<title>"))
			put_title(stream, graph, line);
		else if (class)
			fprintf(stream, "<g%s\n", class);
		else if (!begins(line, "<!--"))
			fprintf(stream, "%s\n", line);
	}
}

/* bytes  what dot wrote, up to the end of this graph; changed. */
static int put_drawing(FILE *stream, const struct svg_graph *graph, char *bytes)
{
	char *head = strstr(bytes, "<svg "), *box = head ? strstr(head, "viewBox=\"") : NULL;
	char *body = box ? strstr(box, ">\n") : NULL;
	double width, height, scale;
	struct svg_page page = {
		.title = graph->title, .width_px = graph->width_px, .is_bare = graph->is_bare};
	double room = graph->width_px - 2.0 * SVG_MARGIN_PX;

	if (!body || sscanf(box, "viewBox=\"%*f %*f %lf %lf\"", &width, &height) != 2)
		return -EIO;
	scale = room / width < PX_PER_PT ? room / width : PX_PER_PT;
	page.height_px = GRAPH_TOP_PX + (uint64_t)(height * scale) + 2 * SVG_MARGIN_PX;
	svg_page_begin(stream, &page);
	fprintf(stream, "<text class=\"details note\" x=\"%d\" y=\"%d\">%s</text>\n", SVG_MARGIN_PX,
		GRAPH_TOP_PX - 8, graph->details);
	fprintf(stream,
		"<svg class=\"drawing\" x=\"%d\" y=\"%d\" width=\"%.0f\" height=\"%.0f\" "
		"viewBox=\"0 0 %.2f %.2f\">\n",
		SVG_MARGIN_PX, GRAPH_TOP_PX, room, height * scale + 1, width, height);
	put_lines(stream, graph, body + 2);
	fputs("</svg>\n", stream);
	svg_page_end(stream, &page, web_graph_js, "pprofGraph");
	return 0;
}

/* The picture of one, NULL when dot wrote none. */
static char *draw(const struct svg_graph *graph, char *bytes)
{
	struct writing writing = {0};
	char *text;

	begin(&writing);
	if (put_drawing(writing.stream, graph, bytes) == 0)
		return end(&writing);
	text = end(&writing);
	free(text);
	return NULL;
}

int svg_graph_draw(struct svg_graph *const *graphs, size_t count, char **pictures)
{
	int error = 0;
	bool is_drawn;
	char *bytes = count ? lay_out(graphs, count, &error) : NULL, *rest = bytes;

	for (size_t i = 0; i < count; i++) {
		char *close = rest ? strstr(rest, "</svg>\n") : NULL;

		pictures[i] = NULL;
		if (!close)
			continue;
		/* "</svg>" stays: it ends the lines of this one. */
		close[sizeof("</svg>\n") - 2] = '\0';
		pictures[i] = draw(graphs[i], rest);
		rest = close + sizeof("</svg>\n") - 1;
	}
	is_drawn = bytes;
	free(bytes);
	return is_drawn ? 0 : error;
}

int svg_graph_write(FILE *stream, const struct graph *graph, const struct svg_profile *picture)
{
	struct svg_graph *drawn = svg_graph_new(graph, picture);
	char *text = NULL;
	int error = svg_graph_draw(&drawn, 1, &text);

	if (text)
		fputs(text, stream);
	else if (!error)
		error = -EIO;
	free(text);
	svg_graph_free(drawn);
	return error;
}
