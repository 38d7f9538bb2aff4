/* SPDX-License-Identifier: MIT */
#include "tool/bench/bench_diff_print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/bench/bench_diff_notes.h"
#include "tool/common/names.h"
#include "tool/common/table.h"

enum { NAME, OLD, NEW, CHANGE, RANGE, P, RUNS, COLUMNS };

char *bench_diff_number(double value)
{
	int digits = value != 0 ? 3 - (int)floor(log10(fabs(value))) : 0;

	/* What rounds up to another digit in front has one less behind: 99.996 is 100.0. */
	if (digits > 0 && fabs(value) >= pow(10, 4 - digits) - 0.5 * pow(10, -digits))
		digits--;
	if (digits < 0)
		digits = 0;
	return xasprintf("%.*f", digits < 7 ? digits : 7, value);
}

static bool is_exact(enum bench_verdict verdict)
{
	return verdict == BENCH_EQUAL || verdict == BENCH_CHANGED;
}

/* A median and how far its 95 % interval reaches; without it where every value is the same. */
static char *sample_cell(const struct bench_sample *sample, enum bench_verdict verdict)
{
	const struct bench_interval *interval = &sample->interval;
	double below = sample->median - interval->low, above = interval->high - sample->median;
	char *number, *cell;

	/* What was counted is shown as it is. */
	if (is_exact(verdict) && sample->median == floor(sample->median))
		return xasprintf("%.0f", sample->median);
	number = bench_diff_number(sample->median);
	if (is_exact(verdict))
		return number;
	if (!interval->is_known)
		cell = xasprintf("%s ± ∞", number);
	else
		cell = xasprintf(
			"%s ± %.0f%%", number,
			sample->median != 0 ? 100 * fmax(below, above) / fabs(sample->median) : 0);
	free(number);
	return cell;
}

static char *change_text(double old, double new)
{
	if (old == 0)
		return xstrdup("from 0");
	return xasprintf("%+.2f%%", 100 * (new - old) / fabs(old));
}

static const char *judgement(const struct bench_diff_row *row)
{
	bool is_higher = row->new.median > row->old.median;

	if (row->better == BENCH_BETTER_UNKNOWN || row->new.median == row->old.median)
		return "";
	return is_higher == (row->better == BENCH_BETTER_HIGHER) ? " better" : " worse";
}

static char *change_cell(const struct bench_diff_row *row)
{
	char *change, *cell;

	if (row->verdict == BENCH_UNSURE || row->verdict == BENCH_EQUAL)
		return xstrdup("~");
	change = change_text(row->old.median, row->new.median);
	cell = xasprintf("%s%s", change, judgement(row));
	free(change);
	return cell;
}

static char *range_cell(const struct bench_diff_row *row)
{
	if (!row->ratio.is_known || is_exact(row->verdict))
		return NULL;
	return xasprintf("%+.2f%% .. %+.2f%%", 100 * (row->ratio.low - 1),
			 100 * (row->ratio.high - 1));
}

static char *p_cell(const struct bench_diff_row *row)
{
	if (is_exact(row->verdict))
		return xstrdup(row->verdict == BENCH_EQUAL ? "equal" : "exact");
	return row->test.p < 0.001 ? xstrdup("<0.001") : xasprintf("%.3f", row->test.p);
}

static char *runs_cell(const struct bench_diff_row *row)
{
	if (row->old.count == row->new.count)
		return xasprintf("%zu", row->old.count);
	return xasprintf("%zu+%zu", row->old.count, row->new.count);
}

static void add_benchmark(struct table *table, const struct bench_diff *diff,
			  const struct bench_diff_row *row)
{
	char **cells = table_add_row(table);

	cells[NAME] = bench_diff_name(diff, row);
	cells[OLD] = sample_cell(&row->old, row->verdict);
	cells[NEW] = sample_cell(&row->new, row->verdict);
	cells[CHANGE] = change_cell(row);
	cells[RANGE] = range_cell(row);
	cells[P] = p_cell(row);
	cells[RUNS] = runs_cell(row);
}

static void add_geomean(struct table *table, const struct bench_diff_row *rows, size_t count)
{
	double old, new;
	char **cells;

	if (count < 2 || !bench_diff_geomean(rows, count, &old, &new))
		return;
	cells = table_add_row(table);
	cells[NAME] = xstrdup("geomean");
	cells[OLD] = bench_diff_number(old);
	cells[NEW] = bench_diff_number(new);
	cells[CHANGE] = change_text(old, new);
}

static void print_unit(FILE *stream, const struct bench_diff *diff,
		       const struct bench_diff_row *rows, size_t count)
{
	struct table table = {.columns = COLUMNS, .left = 1 << NAME};
	char **heads = table_add_row(&table);

	heads[NAME] = names_printable(rows[0].unit);
	heads[OLD] = xstrdup("old");
	heads[NEW] = xstrdup("new");
	heads[CHANGE] = xstrdup("change");
	heads[P] = xstrdup("p");
	heads[RUNS] = xstrdup("runs");
	for (size_t i = 0; i < count; i++)
		add_benchmark(&table, diff, &rows[i]);
	if (table_has_cells(&table, RANGE))
		table.rows[0][RANGE] = xstrdup("95 % of the change");
	add_geomean(&table, rows, count);
	table_print(stream, &table);
	table_free(&table);
}

static void print_side(FILE *stream, const char *which, const struct bench_diff_side *side)
{
	const struct bench_text_config *commit = &side->text->config[BENCH_TEXT_COMMIT];
	char *label = names_printable(side->label);

	fprintf(stream, "%s  %s", which, label);
	free(label);
	if (side->text->lines > 0 && *commit->value != '\0' && !commit->varies) {
		label = names_printable(commit->value);
		fprintf(stream, ", commit %s", label);
		free(label);
	}
	fprintf(stream, ", %zu result line%s\n", side->text->lines,
		side->text->lines == 1 ? "" : "s");
}

bool bench_diff_print(FILE *stream, const struct bench_diff *diff,
		      const struct bench_diff_side *old, const struct bench_diff_side *new)
{
	print_side(stream, "old", old);
	print_side(stream, "new", new);
	for (size_t first = 0, count; first < diff->count; first += count) {
		count = bench_diff_unit(diff, first);
		print_unit(stream, diff, &diff->rows[first], count);
	}
	return bench_diff_notes(stream, diff, old, new);
}
