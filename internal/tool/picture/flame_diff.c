/* SPDX-License-Identifier: MIT */
#include "tool/picture/flame_diff.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sum.h"
#include "base/xalloc.h"
#include "tool/common/human.h"
#include "tool/picture/svg_page.h"
#include "tool/picture/svg_text.h"

#define LINE_PX	     17
#define SWATCH_PX    24
#define GONE_LINES   12
#define NAME_COLUMNS 200

static const char *const classes[] = {"less4", "less3", "less2", "less1", "same",
				      "more1", "more2", "more3", "more4"};
#define SAME 4

/* The base's value, as large as it would be had both the same total. */
static double base_value(const struct flame *flame, const struct flame_node *node,
			 const struct flame_diff *diff)
{
	const int64_t *total = flame->nodes[0].value;
	double value = (double)node->value[FLAME_BASE];

	return diff->is_normalised && total[FLAME_BASE]
		       ? value * (double)total[FLAME_NEW] / (double)total[FLAME_BASE]
		       : value;
}

const char *flame_diff_class(const struct flame *flame, const struct flame_node *node,
			     const struct flame_diff *diff)
{
	static const double steps[] = {0.05, 0.15, 0.35, 0.7};
	double now = (double)node->value[FLAME_NEW], old = base_value(flame, node, diff);
	double larger = fmax(now, old), change = larger > 0 ? (now - old) / larger : 0;
	int step = 0;

	while (step < SAME && fabs(change) >= steps[step])
		step++;
	return classes[change < 0 ? SAME - step : SAME + step];
}

static void put_value(FILE *stream, int64_t value, int64_t total, const char *unit)
{
	char text[HUMAN_SIZE], share[HUMAN_SIZE];

	fprintf(stream, "%s, %s", human_value(text, sizeof(text), value, unit),
		human_percent(share, sizeof(share), value, total));
}

void flame_diff_put_title(FILE *stream, const struct flame *flame, const struct flame_node *node,
			  const struct flame_diff *diff, const char *unit)
{
	const int64_t *total = flame->nodes[0].value, *value = node->value;
	double old = base_value(flame, node, diff);
	char text[HUMAN_SIZE];

	if (!value[FLAME_BASE]) {
		fputs("\nnot in the base", stream);
		return;
	}
	fputs("\nbase ", stream);
	put_value(stream, value[FLAME_BASE], total[FLAME_BASE], unit);
	/* Both are magnitudes: the difference of two fits. */
	human_value(text, sizeof(text), value[FLAME_NEW] - value[FLAME_BASE], unit);
	fprintf(stream, "\nchange %s%s, %+.2f%%%s", value[FLAME_NEW] > value[FLAME_BASE] ? "+" : "",
		text, 100 * ((double)value[FLAME_NEW] - old) / old,
		diff->is_normalised ? " of its share" : "");
}

static int by_base(const void *left, const void *right, void *things)
{
	const struct flame *flame = things;
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	int64_t x = flame->nodes[a].value[FLAME_BASE], y = flame->nodes[b].value[FLAME_BASE];

	if (x != y)
		return x > y ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* Calls that only the base has, from stacks that both have. The caller frees them. */
static uint32_t *gone_calls(const struct flame *flame, size_t *count)
{
	uint32_t *places = NULL;
	size_t cap = 0;

	*count = 0;
	for (uint32_t i = 1; i < flame->count; i++) {
		const struct flame_node *node = &flame->nodes[i];

		if (node->value[FLAME_NEW] ||
		    (node->parent && !flame->nodes[node->parent].value[FLAME_NEW]))
			continue;
		places = xgrow(places, *count, &cap, sizeof(*places));
		places[(*count)++] = i;
	}
	if (*count)
		qsort_r(places, *count, sizeof(*places), by_base, (void *)flame);
	return places;
}

static void put_line(FILE *stream, uint64_t y, const char *class, const char *text, size_t columns)
{
	fprintf(stream, "<text xml:space=\"preserve\" class=\"%s\" x=\"%d\" y=\"%" PRIu64 "\">",
		class, SVG_MARGIN_PX, y + 13);
	svg_text(stream, text, columns);
	fputs("</text>\n", stream);
}

static void put_gone(FILE *stream, const struct flame *flame, uint32_t place, const char *unit,
		     uint64_t y, size_t columns)
{
	const struct flame_node *node = &flame->nodes[place];
	const struct flame_node *parent = &flame->nodes[node->parent];
	const struct frame *frames = flame->frames.frames;
	char value[HUMAN_SIZE], share[HUMAN_SIZE];
	char *name = svg_clean(frames[node->frame].name, NAME_COLUMNS);
	char *caller = svg_clean(node->parent ? frames[parent->frame].name : "", NAME_COLUMNS);
	char *text = xasprintf("%10s %7s  %s%s%s",
			       human_value(value, sizeof(value), node->value[FLAME_BASE], unit),
			       human_percent(share, sizeof(share), node->value[FLAME_BASE],
					     flame->nodes[0].value[FLAME_BASE]),
			       name, *caller ? ", called by " : "", caller);

	put_line(stream, y, "gone", text, columns);
	free(text);
	free(caller);
	free(name);
}

static void put_legend(FILE *stream, uint64_t y)
{
	unsigned x = SVG_MARGIN_PX + 44;

	put_line(stream, y, "note", "less", SIZE_MAX);
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++, x += SWATCH_PX)
		fprintf(stream,
			"<rect class=\"%s\" x=\"%u\" y=\"%" PRIu64
			"\" width=\"%d\" height=\"%d\"/>\n",
			classes[i], x, y, SWATCH_PX - 1, LINE_PX - 1);
	fprintf(stream,
		"<text class=\"note\" x=\"%u\" y=\"%" PRIu64
		"\">more than the base; steps at 5, 15, 35 and 70%% of the larger</text>\n",
		x + 8, y + 13);
}

static void put_gone_lines(FILE *stream, const struct flame *flame, const uint32_t *places,
			   size_t count, const char *unit, uint64_t y, size_t columns)
{
	size_t shown = count < GONE_LINES ? count : GONE_LINES;
	int64_t rest = 0;
	char value[HUMAN_SIZE], *text;

	put_line(stream, y, "note", "only in the base:", columns);
	for (size_t i = 0; i < shown; i++)
		put_gone(stream, flame, places[i], unit, y += LINE_PX, columns);
	for (size_t i = shown; i < count; i++)
		rest = sum_saturating(rest, flame->nodes[places[i]].value[FLAME_BASE]);
	if (shown == count)
		return;
	text = xasprintf("%10s %7s  %zu more", human_value(value, sizeof(value), rest, unit), "",
			 count - shown);
	put_line(stream, y + LINE_PX, "note", text, columns);
	free(text);
}

unsigned flame_diff_put_notes(FILE *stream, const struct flame *flame,
			      const struct flame_diff *diff, const char *unit, uint64_t y,
			      unsigned width_px)
{
	size_t columns = (size_t)((width_px - 2 * SVG_MARGIN_PX) / SVG_COLUMN_PX), count;
	uint32_t *places = gone_calls(flame, &count);
	unsigned lines =
		2 + (count ? 1 : 0) + (unsigned)(count > GONE_LINES ? GONE_LINES + 1 : count);
	char *base = xasprintf(
		"base: %s%s", diff->base,
		diff->is_normalised ? "; the totals differ: shares of them are compared" : "");

	if (stream) {
		put_line(stream, y, "note", base, columns);
		put_legend(stream, y + LINE_PX);
	}
	if (stream && count)
		put_gone_lines(stream, flame, places, count, unit, y + 2 * LINE_PX, columns);
	free(base);
	free(places);
	return lines * LINE_PX;
}
