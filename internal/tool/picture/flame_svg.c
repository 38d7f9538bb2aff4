/* SPDX-License-Identifier: MIT */
#include "tool/picture/flame_svg.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/xalloc.h"
#include "tool/common/human.h"
#include "tool/picture/svg_text.h"

/* Of all boxes; some 13 kB are the rest. */
#define BOXES_BYTES 1300000
/* What a box takes besides names: figures of 32 bytes, places, tags. */
#define BOX_BYTES 430
/* Columns of names and files in tooltips: of what is longer nobody reads the rest, and it would fill the picture. */
#define NAME_COLUMNS 300
#define FILE_COLUMNS 200
/* Classes c0 to c27 of picture.css: each hue has two shades for files, and each of these two for functions. */
#define FILE_COLOURS 14
#define ROW_PX	     18
#define GRAPH_TOP_PX 98

struct writing {
	FILE *stream;
	const struct flame *flame;
	const struct svg_profile *picture;
	const struct flame_diff *diff;
	double width_px; /* of the root */
	double *x;	 /* [depth]: where the next box begins */
	char *cwd;	 /* files below it are named from there */
};

/* Bytes of a text in XML: "&quot;" is the longest of those replaced. */
static size_t escaped_size(const char *text, size_t columns)
{
	char *clean = svg_clean(text, columns);
	size_t size = strlen(clean);

	for (const char *p = clean; *p; p++)
		size += strchr("&<>\"", *p) ? 5 : 0;
	free(clean);
	return size;
}

/* The name may stand in the box too. */
static size_t box_size(const struct frame *frame, void *with)
{
	(void)with;
	return BOX_BYTES + 2 * escaped_size(frame->name, NAME_COLUMNS) +
	       escaped_size(frame->file, FILE_COLUMNS);
}

static unsigned hash_text(const char *text, unsigned count)
{
	uint64_t hash = hash_bytes(HASH_START, text, strlen(text));

	return (unsigned)((hash ^ hash >> 32) % count);
}

int flame_svg_colour(const char *name, const char *file)
{
	return *file ? (int)(hash_text(file, FILE_COLOURS) * 2 + hash_text(name, 2)) : -1;
}

static void put_class(FILE *stream, const char *name, const char *file)
{
	int colour = flame_svg_colour(name, file);

	if (colour >= 0)
		fprintf(stream, "c%d", colour);
	else
		fputs("library", stream);
}

/* "600ms, 60.00%" */
static void put_value(const struct writing *writing, int64_t value)
{
	char text[HUMAN_SIZE], share[HUMAN_SIZE];

	fprintf(writing->stream, "%s, %s",
		human_value(text, sizeof(text), value, writing->picture->unit),
		human_percent(share, sizeof(share), value,
			      writing->flame->nodes[0].value[FLAME_NEW]));
}

/* Lines: the name, where it is, figures. The script takes the first for the name. */
static void put_title(const struct writing *writing, const struct flame_node *node,
		      const char *name, const struct frame *frame)
{
	FILE *stream = writing->stream;

	fputs("<title>", stream);
	svg_escape(stream, name);
	if (*frame->file) {
		putc('\n', stream);
		svg_text(stream, frames_short_file(frame->file, writing->cwd), FILE_COLUMNS);
		if (frame->line > 0)
			fprintf(stream, ":%" PRId64, frame->line);
	}
	putc('\n', stream);
	put_value(writing, node->value[FLAME_NEW]);
	if (node->self[FLAME_NEW]) {
		fputs("; itself ", stream);
		put_value(writing, node->self[FLAME_NEW]);
	}
	if (writing->diff)
		flame_diff_put_title(stream, writing->flame, node, writing->diff,
				     writing->picture->unit);
	fputs("</title>", stream);
}

static void put_box(const struct writing *writing, const struct flame_node *node, const char *name,
		    const struct frame *frame, uint32_t depth)
{
	FILE *stream = writing->stream;
	double x = SVG_MARGIN_PX + writing->x[depth];
	double width = writing->width_px * (double)node->value[FLAME_NEW] /
		       (double)writing->flame->nodes[0].value[FLAME_NEW];
	unsigned y = GRAPH_TOP_PX + depth * ROW_PX;

	fprintf(stream, "<g data-v=\"%" PRId64 "\">", node->value[FLAME_NEW]);
	put_title(writing, node, name, frame);
	fputs("<rect class=\"", stream);
	if (writing->diff)
		fputs(flame_diff_class(writing->flame, node, writing->diff), stream);
	else if (node == writing->flame->nodes)
		fputs("root", stream);
	else
		put_class(stream, frame->name, frames_short_file(frame->file, writing->cwd));
	fprintf(stream, "\" x=\"%.2f\" y=\"%u\" width=\"%.2f\" height=\"%d\"/>", x, y, width,
		ROW_PX - 1);
	if (width >= 6 + 3 * SVG_COLUMN_PX) {
		fprintf(stream, "<text x=\"%.2f\" y=\"%u\">", x + 3, y + 13);
		svg_text(stream, name, (size_t)((width - 6) / SVG_COLUMN_PX));
		fputs("</text>", stream);
	}
	fputs("</g>\n", stream);
	writing->x[depth + 1] = writing->x[depth];
	writing->x[depth] += width;
}

static void put_node(const struct writing *writing, uint32_t place, uint32_t depth)
{
	static const struct frame root = {.name = "all", .file = ""};
	const struct flame_node *node = &writing->flame->nodes[place];
	const struct frame *frame = place ? &writing->flame->frames.frames[node->frame] : &root;
	char *marked = xasprintf("%s%s", frame->name, node->is_inlined ? " (inlined)" : "");
	char *name = svg_clean(marked, NAME_COLUMNS);

	put_box(writing, node, name, frame, depth);
	free(name);
	free(marked);
}

static void put_boxes(const struct writing *writing)
{
	uint32_t depth = 0, place = 0;

	fputs("<g class=\"boxes\">\n", writing->stream);
	do
		put_node(writing, place, depth);
	while ((place = flame_next(writing->flame, place, true, &depth)));
	fputs("</g>\n", writing->stream);
}

/* How much there is, and how much of it is not shown. */
static void put_details(const struct writing *writing, const struct flame_choice *choice)
{
	FILE *stream = writing->stream;
	int64_t total = writing->flame->nodes[0].value[FLAME_NEW];
	char text[HUMAN_SIZE];

	fprintf(stream, "<text class=\"details note\" x=\"%d\" y=\"%d\">", SVG_MARGIN_PX,
		GRAPH_TOP_PX - 8);
	if (!total)
		fputs("nothing to show: no ", stream);
	else
		fprintf(stream, "%s ",
			human_value(text, sizeof(text), total, writing->picture->unit));
	svg_text(stream, writing->picture->type, NAME_COLUMNS);
	if (choice->hidden) {
		fprintf(stream, "; not shown: %zu calls too small to see, together ",
			choice->hidden);
		put_value(writing, choice->hidden_value);
	}
	fputs("</text>\n", stream);
}

struct flame_choice flame_svg_write(FILE *stream, struct flame *flame,
				    const struct svg_profile *picture,
				    const struct flame_diff *diff)
{
	struct flame_choice choice = flame_choose(flame, BOXES_BYTES, box_size, NULL);
	struct writing writing = {
		.stream = stream,
		.flame = flame,
		.picture = picture,
		.diff = diff,
		.width_px = picture->width_px - 2.0 * SVG_MARGIN_PX,
		.x = xcalloc(choice.depth + 2, sizeof(double)),
		.cwd = getcwd(NULL, 0),
	};
	uint64_t notes_px;
	struct svg_page page = {
		.title = picture->title,
		.width_px = picture->width_px,
		.height_px = GRAPH_TOP_PX + (choice.depth + 1) * ROW_PX + SVG_MARGIN_PX,
		.top_px = GRAPH_TOP_PX,
		.row_px = ROW_PX,
	};

	if (!writing.cwd)
		writing.cwd = xstrdup("");
	notes_px = page.height_px;
	if (diff)
		page.height_px += flame_diff_put_notes(NULL, flame, diff, picture->unit, 0,
						       picture->width_px) +
				  SVG_MARGIN_PX;
	svg_page_begin(stream, &page);
	put_details(&writing, &choice);
	if (flame->nodes[0].value[FLAME_NEW])
		put_boxes(&writing);
	if (diff)
		flame_diff_put_notes(stream, flame, diff, picture->unit, notes_px,
				     picture->width_px);
	svg_page_end(stream, &page, web_flame_js, "pprofFlame");
	free(writing.x);
	free(writing.cwd);
	return choice;
}
