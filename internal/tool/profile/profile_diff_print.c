/* SPDX-License-Identifier: MIT */
#include "tool/profile/profile_diff_print.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/common/human.h"
#include "tool/common/names.h"
#include "tool/common/table.h"
#include "tool/profile/frames.h"

enum { OLD, NEW, CHANGE, RANGE, P, NAME, COLUMNS };

/* Which figure of a row a table is of. */
typedef const struct profile_diff_figure *(*figure_of)(const struct profile_diff_row *row);

static const struct profile_diff_figure *self_of(const struct profile_diff_row *row)
{
	return &row->self;
}

static const struct profile_diff_figure *all_of(const struct profile_diff_row *row)
{
	return &row->all;
}

static bool has_changed(const struct profile_diff_figure *figure)
{
	return figure->verdict == PROFILE_DIFF_CHANGED || figure->verdict == PROFILE_DIFF_EXACT;
}

/* Changes first, what nothing can be said of next. */
static int rank(const struct profile_diff_figure *figure)
{
	if (has_changed(figure))
		return 0;
	return figure->verdict == PROFILE_DIFF_UNKNOWN ? 1 : 2;
}

static int by_change(const void *a, const void *b, void *things)
{
	const struct profile_diff_row *one = a, *other = b;
	figure_of of = *(figure_of *)things;
	const struct profile_diff_figure *x = of(one), *y = of(other);
	double left = fabs(x->new - x->old), right = fabs(y->new - y->old);
	int order = rank(x) - rank(y);

	if (order != 0)
		return order;
	if (left != right)
		return left > right ? -1 : 1;
	/* Of those that differ as little, the large ones are looked for. */
	if (x->new != y->new)
		return x->new > y->new ? -1 : 1;
	order = strcmp(one->name, other->name);
	return order != 0 ? order : strcmp(one->file, other->file);
}

static char *value_cell(double value, const char *unit)
{
	char text[HUMAN_SIZE];

	/* Samples of a run need not be whole. */
	if (strcmp(unit, "count") == 0 && value != floor(value))
		return xasprintf("%.2f", value);
	return xstrdup(human_value(text, sizeof(text), llround(value), unit));
}

static char *change_cell(const struct profile_diff_figure *figure)
{
	const char *doubt = figure->verdict == PROFILE_DIFF_UNKNOWN ? "?" : "";

	if (!has_changed(figure) && figure->verdict != PROFILE_DIFF_UNKNOWN)
		return xstrdup("~");
	if (figure->old == 0)
		return xasprintf("new%s", doubt);
	return xasprintf("%+.2f%%%s", 100 * (figure->new - figure->old) / figure->old, doubt);
}

static char *range_cell(const struct profile_diff_figure *figure)
{
	if (!figure->ratio.is_known || figure->old == 0 || figure->verdict == PROFILE_DIFF_EXACT ||
	    figure->verdict == PROFILE_DIFF_EQUAL)
		return NULL;
	if (isinf(figure->ratio.high))
		return xasprintf("%+.1f%% ..", 100 * (figure->ratio.low - 1));
	return xasprintf("%+.1f%% .. %+.1f%%", 100 * (figure->ratio.low - 1),
			 100 * (figure->ratio.high - 1));
}

static char *p_cell(const struct profile_diff_figure *figure)
{
	switch (figure->verdict) {
	case PROFILE_DIFF_EXACT:
		return xstrdup("exact");
	case PROFILE_DIFF_EQUAL:
		return xstrdup("equal");
	case PROFILE_DIFF_UNKNOWN:
		return NULL;
	default:
		return figure->p < 0.001 ? xstrdup("<0.001") : xasprintf("%.3f", figure->p);
	}
}

static char *name_cell(const struct profile_diff_row *row, const char *cwd)
{
	char *name = names_printable(row->name), *file, *cell;

	if (*row->file == '\0')
		return name;
	file = names_printable(frames_short_file(row->file, cwd));
	cell = row->line != 0 ? xasprintf("%s (%s:%" PRId64 ")", name, file, row->line)
			      : xasprintf("%s (%s)", name, file);
	free(name);
	free(file);
	return cell;
}

/* Takes over the name. */
static void add_figure(struct table *table, const struct profile_diff_figure *figure,
		       const char *unit, char *name)
{
	char **cells = table_add_row(table);

	cells[OLD] = value_cell(figure->old, unit);
	cells[NEW] = value_cell(figure->new, unit);
	cells[CHANGE] = change_cell(figure);
	cells[RANGE] = range_cell(figure);
	cells[P] = p_cell(figure);
	cells[NAME] = name;
}

static void begin_table(struct table *table, const char *title)
{
	char **heads;

	*table = (struct table){.columns = COLUMNS, .left = 1 << NAME};
	heads = table_add_row(table);
	heads[OLD] = xstrdup("old");
	heads[NEW] = xstrdup("new");
	heads[CHANGE] = xstrdup("change");
	heads[P] = xstrdup("p");
	heads[NAME] = xstrdup(title);
}

static void end_table(FILE *stream, struct table *table)
{
	if (table_has_cells(table, RANGE))
		table->rows[0][RANGE] = xstrdup("95 % of the change");
	if (table->len > 1)
		table_print(stream, table);
	table_free(table);
}

static bool is_empty(const struct profile_diff_figure *figure)
{
	return figure->old == 0 && figure->new == 0;
}

static void print_functions(FILE *stream, struct profile_diff *diff, const char *title,
			    figure_of of, size_t rows)
{
	struct table table;
	char *cwd = getcwd(NULL, 0);
	size_t shown = 0, left_out = 0, changed = 0;

	begin_table(&table, title);
	if (diff->count > 0)
		qsort_r(diff->rows, diff->count, sizeof(*diff->rows), by_change, &of);
	for (size_t i = 0; i < diff->count; i++) {
		const struct profile_diff_figure *figure = of(&diff->rows[i]);

		if (is_empty(figure))
			continue;
		if (shown == rows) {
			left_out++;
			changed += has_changed(figure);
			continue;
		}
		add_figure(&table, figure, diff->unit,
			   name_cell(&diff->rows[i], cwd != NULL ? cwd : ""));
		shown++;
	}
	end_table(stream, &table);
	if (left_out > 0)
		fprintf(stream, "... %zu more, %zu of them changed\n", left_out, changed);
	free(cwd);
}

static void print_side(FILE *stream, const char *which, const struct profile_diff_side *side)
{
	const struct profile_runs *runs = side->runs;
	char *where = names_printable(runs->count == 1 ? runs->paths[0] : runs->where);

	fprintf(stream, "%s  %s", which, where);
	if (runs->count > 1)
		fprintf(stream, ", %zu profiles", runs->count);
	if (side->repeats > 0)
		fprintf(stream, ", %" PRIu64 " run%s of the test", side->repeats,
			side->repeats == 1 ? "" : "s");
	putc('\n', stream);
	free(where);
}

static void print_total(FILE *stream, const struct profile_diff *diff)
{
	struct table table;
	char *title = xasprintf("%s, %s", diff->type,
				diff->is_normalised ? "as if all totals were the new one"
				: diff->is_a_run    ? "in a run of the test"
						    : "in a profile");

	begin_table(&table, title);
	add_figure(&table, &diff->total, diff->unit, xstrdup("all of it"));
	end_table(stream, &table);
	free(title);
}

static void print_notes(FILE *stream, const struct profile_diff *diff)
{
	bool is_single = diff->old.runs->count == 1 || diff->new.runs->count == 1;

	putc('\n', stream);
	if (diff->method == PROFILE_DIFF_SAMPLED)
		fprintf(stream, "# ~: a difference of at most %.0f %%, or one that chance makes\n",
			100 * PROFILE_DIFF_MARGIN);
	if (diff->method == PROFILE_DIFF_SAMPLED && is_single)
		fputs("# one profile of a side does not say how much the machine varies from run "
		      "to run: "
		      "several, each in a subfolder, do\n",
		      stream);
	if (diff->method == PROFILE_DIFF_ESTIMATED && is_single)
		fputs("# one profile of a side does not say how much these vary: several, each in "
		      "a "
		      "subfolder, do\n",
		      stream);
	if (diff->method == PROFILE_DIFF_COUNTED && is_single)
		fputs("# every allocation was counted: what differs has changed, unless the test's "
		      "own "
		      "counts vary from run to run\n",
		      stream);
	if (!diff->is_normalised && !diff->is_a_run && strncmp(diff->type, "peak_", 5) != 0)
		fputs("# how often the test was run is not in the profiles: totals are compared as "
		      "they "
		      "are (Normalize=yes: shares)\n",
		      stream);
}

void profile_diff_print_changes(FILE *stream, struct profile_diff *diff, bool is_with_calls,
				size_t rows)
{
	print_functions(stream, diff,
			is_with_calls ? "with what it calls" : "in the function itself",
			is_with_calls ? all_of : self_of, rows);
}

void profile_diff_print(FILE *stream, struct profile_diff *diff, size_t rows)
{
	print_side(stream, "old", &diff->old);
	print_side(stream, "new", &diff->new);
	print_total(stream, diff);
	print_functions(stream, diff, "in the function itself", self_of, rows);
	print_functions(stream, diff, "with what it calls", all_of, rows);
	print_notes(stream, diff);
}
