/* SPDX-License-Identifier: MIT */
#include "tool/gate/gate_print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/common/human.h"
#include "tool/common/names.h"
#include "tool/common/table.h"

enum { VERDICT, TEST, METRIC, OLD, NEW, CHANGE, RANGE, P, REASON, COLUMNS };

static const char *const verdicts[] = {[GATE_NOT_COMPARED] = "not compared",
				       [GATE_EQUAL] = "equal",
				       [GATE_NOISE] = "~",
				       [GATE_BETTER] = "better",
				       [GATE_ALLOWED] = "allowed",
				       [GATE_VARIES] = "varies",
				       [GATE_WORSE] = "worse",
				       [GATE_OVER] = "over budget"};

/* The order of the table. */
static const enum gate_verdict shown[] = {GATE_OVER, GATE_WORSE, GATE_VARIES, GATE_ALLOWED,
					  GATE_BETTER};

/* "1.50ms", "12", "64B": one value, or the least and the most of several that are not the same. */
static char *value_text(double value, const char *unit)
{
	char text[HUMAN_SIZE];

	if (strcmp(unit, "nanoseconds") == 0 && value < 100)
		return xasprintf("%.2fns", value);
	return xstrdup(human_value(text, sizeof(text), llround(value), unit));
}

static char *series_cell(const struct gate_series *series, double median, bool shows_range,
			 const char *unit)
{
	char *low, *high, *cell;

	if (series->count == 0)
		return NULL;
	if (!shows_range || series->values[0] == series->values[series->count - 1])
		return value_text(median, unit);
	low = value_text(series->values[0], unit);
	high = value_text(series->values[series->count - 1], unit);
	cell = xasprintf("%s .. %s", low, high);
	free(low);
	free(high);
	return cell;
}

static char *change_cell(const struct gate_figure *figure)
{
	double old = figure->old_value, new = figure->new_value;

	if (figure->old.count == 0)
		return NULL;
	if (old == new)
		return xstrdup("0");
	if (old == 0)
		return xstrdup("from 0");
	return xasprintf("%+.2f%%", 100 * (new - old) / old);
}

static char *p_cell(const struct gate_figure *figure)
{
	if (figure->old.count == 0)
		return NULL;
	if (figure->is_exact)
		return xstrdup("exact");
	return figure->test.p < 0.001 ? xstrdup("<0.001") : xasprintf("%.3f", figure->test.p);
}

static char *limit_text(const struct budget_rule *rule, const char *unit)
{
	char *value, *text;

	if (rule->kind == BUDGET_ANY)
		return xstrdup("any");
	if (rule->kind == BUDGET_SHARE)
		return xasprintf("+%g%%", 100 * rule->limit);
	value = value_text(rule->limit, unit);
	text = xasprintf("%s%s", rule->kind == BUDGET_MOST ? "<=" : "+", value);
	free(value);
	return text;
}

/* "pprof.budget:7, <=64kB: why" */
static char *reason_cell(const struct gate *gate, const struct gate_figure *figure,
			 const char *unit)
{
	const struct budget_rule *rule = figure->rule;
	char *limit, *reason, *cell;

	if (rule == NULL)
		return figure->verdict == GATE_VARIES
			       ? xstrdup("from run to run, on one side or both")
			       : NULL;
	limit = limit_text(rule, unit);
	reason = names_printable(rule->reason);
	cell = xasprintf("%s:%zu, %s%s%s", gate->budget.path, rule->line, limit,
			 *reason != '\0' ? ": " : "", reason);
	free(limit);
	free(reason);
	return cell;
}

/* Is the figure worth a row? */
static bool is_shown(const struct gate_figure *figure, enum gate_verdict verdict)
{
	if (figure->verdict != verdict)
		return false;
	return verdict != GATE_ALLOWED || figure->new_value > figure->old_value;
}

static char *subject_name(const struct gate_subject *subject)
{
	char *whole = xasprintf("%s%s%s", subject->test, subject->name != NULL ? " " : "",
				subject->name != NULL ? subject->name : "");
	char *name = names_printable(whole);

	free(whole);
	return name;
}

static void add_row(struct table *table, const struct gate *gate,
		    const struct gate_subject *subject, enum gate_metric metric)
{
	const struct gate_figure *figure = &subject->figures[metric];
	const char *unit = gate_metrics[metric].unit;
	bool is_count = !gate_metrics[metric].is_share;
	char **cells = table_add_row(table);

	cells[VERDICT] = xstrdup(verdicts[figure->verdict]);
	cells[TEST] = subject_name(subject);
	cells[METRIC] = xstrdup(gate_metrics[metric].name);
	cells[OLD] = series_cell(&figure->old, figure->old_value, is_count, unit);
	cells[NEW] = series_cell(&figure->new, figure->new_value, is_count, unit);
	cells[CHANGE] = change_cell(figure);
	if (!figure->is_exact && figure->ratio.is_known)
		cells[RANGE] = xasprintf("%+.1f%% .. %+.1f%%", 100 * (figure->ratio.low - 1),
					 100 * (figure->ratio.high - 1));
	cells[P] = p_cell(figure);
	cells[REASON] = reason_cell(gate, figure, unit);
}

static void make_table(struct table *table, const struct gate *gate)
{
	static const char *const titles[] = {"verdict", "test",	  "metric", "base",
					     "now",	"change", NULL};

	*table = (struct table){.columns = COLUMNS,
				.left = 1 << VERDICT | 1 << TEST | 1 << METRIC | 1 << REASON};
	table_add_titles(table, titles);
	for (size_t v = 0; v < sizeof shown / sizeof *shown; v++)
		for (size_t i = 0; i < gate->count; i++)
			for (enum gate_metric m = 0; m < GATE_METRIC_COUNT; m++)
				if (is_shown(&gate->subjects[i].figures[m], shown[v]))
					add_row(table, gate, &gate->subjects[i], m);
	table->rows[0][P] = xstrdup("p");
	if (table_has_cells(table, RANGE))
		table->rows[0][RANGE] = xstrdup("95 % of the change");
	if (table_has_cells(table, REASON))
		table->rows[0][REASON] = xstrdup("why");
}

/* How many figures were compared. */
static size_t compared(const struct gate *gate)
{
	size_t count = 0;

	for (size_t i = 0; i < gate->count; i++)
		for (size_t m = 0; m < GATE_METRIC_COUNT; m++)
			count += gate->subjects[i].figures[m].verdict != GATE_NOT_COMPARED;
	return count;
}

static char *verdict_text(const struct gate *gate)
{
	size_t worse = gate_worse(gate), figures = compared(gate);

	if (worse > 0)
		return xasprintf("%zu %s worse", worse, worse == 1 ? "thing is" : "things are");
	return xasprintf("nothing is worse: %zu figures of %zu test%s", figures, gate->test_count,
			 gate->test_count == 1 ? "" : "s");
}

/* Lines of the budget that nothing has matched are slips, or left over. */
static size_t unused(const struct gate *gate)
{
	size_t count = 0;

	for (size_t i = 0; i < gate->budget.count; i++)
		count += !gate->budget.rules[i].is_used;
	return count;
}

static void put_line(FILE *stream, const char *before, const char *line, bool is_markdown)
{
	char *text = names_printable(line);

	fputs(before, stream);
	if (is_markdown)
		table_put_markdown(stream, text);
	else
		fputs(text, stream);
	putc('\n', stream);
	free(text);
}

static void put_notes(FILE *stream, const struct gate *gate, bool is_markdown)
{
	const char *before = is_markdown ? "- " : "# ";

	if (gate->note_count + unused(gate) > 0)
		putc('\n', stream);
	for (size_t i = 0; i < gate->note_count; i++)
		put_line(stream, before, gate->notes[i], is_markdown);
	for (size_t i = 0; i < gate->budget.count; i++) {
		const struct budget_rule *rule = &gate->budget.rules[i];
		char *line;

		if (rule->is_used)
			continue;
		line = xasprintf("%s:%zu: no figure of a test called %s was looked at",
				 gate->budget.path, rule->line, rule->test);
		put_line(stream, before, line, is_markdown);
		free(line);
	}
}

void gate_print(FILE *stream, const struct gate *gate, const char *base)
{
	struct table table;
	char *verdict = verdict_text(gate);

	if (base != NULL)
		put_line(stream, "gate: compared with ", base, false);
	make_table(&table, gate);
	if (table.len > 1)
		table_print(stream, &table);
	if (gate->broken_count > 0)
		putc('\n', stream);
	for (size_t i = 0; i < gate->broken_count; i++)
		put_line(stream, "fails: ", gate->broken[i], false);
	put_notes(stream, gate, false);
	fprintf(stream, "\ngate: %s\n", verdict);
	table_free(&table);
	free(verdict);
}

void gate_print_markdown(FILE *stream, const struct gate *gate, const char *base)
{
	struct table table;
	char *verdict = verdict_text(gate);

	fprintf(stream, "## Gate: %s\n", verdict);
	if (base != NULL) {
		putc('\n', stream);
		put_line(stream, "Compared with ", base, true);
	}
	make_table(&table, gate);
	if (table.len > 1)
		table_print_markdown(stream, &table);
	if (gate->broken_count > 0)
		putc('\n', stream);
	for (size_t i = 0; i < gate->broken_count; i++)
		put_line(stream, "- **fails**: ", gate->broken[i], true);
	put_notes(stream, gate, true);
	table_free(&table);
	free(verdict);
}
