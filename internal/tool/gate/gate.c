/* SPDX-License-Identifier: MIT */
#include "tool/gate/gate.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* Of what takes a few nanoseconds, where the code lies in memory decides on more than any share. */
#define LEAST_NS 2

void gate_add(struct gate_series *series, double value)
{
	series->values = xgrow(series->values, series->count, &series->cap, sizeof *series->values);
	series->values[series->count++] = value;
}

void gate_clear(struct gate_series *series)
{
	series->count = 0;
}

struct gate_subject *gate_subject(struct gate *gate, const char *test, const char *name)
{
	struct gate_subject *subject;

	for (size_t i = gate->count; i > 0; i--) {
		subject = &gate->subjects[i - 1];
		if (strcmp(subject->test, test) == 0 &&
		    (name == NULL ? subject->name == NULL
				  : subject->name != NULL && strcmp(subject->name, name) == 0))
			return subject;
	}
	gate->subjects = xgrow(gate->subjects, gate->count, &gate->cap, sizeof *gate->subjects);
	subject = &gate->subjects[gate->count++];
	*subject = (struct gate_subject){.test = xstrdup(test),
					 .name = name != NULL ? xstrdup(name) : NULL};
	return subject;
}

static bool never_varies(const struct gate_series *series)
{
	return series->values[0] == series->values[series->count - 1];
}

/* How much the new value may be, and still be no worse. */
static double allowed(const struct gate *gate, const struct gate_figure *figure,
		      enum gate_metric metric)
{
	const struct gate_metric_info *info = &gate_metrics[metric];
	const struct budget_rule *rule = figure->rule;
	double more = metric == GATE_TIME ? gate->share : info->more;

	if (rule == NULL && metric == GATE_TIME)
		return figure->old_value + fmax(figure->old_value * more, LEAST_NS);
	if (rule == NULL)
		return info->is_share ? figure->old_value * (1 + more) : figure->old_value + more;
	return rule->kind == BUDGET_SHARE ? figure->old_value * (1 + rule->limit)
					  : figure->old_value + rule->limit;
}

/* Against a limit that has nothing to do with the base. What varies is over it when its median is, with 97.5 %. */
static enum gate_verdict judge_most(const struct gate_figure *figure)
{
	const struct gate_series *new = &figure->new;
	double limit = figure->rule->limit;
	struct bench_interval interval;

	if (never_varies(new))
		return new->values[0] > limit ? GATE_OVER : GATE_EQUAL;
	interval = bench_median_interval(new->values, new->count);
	if (!interval.is_known)
		return new->values[0] > limit ? GATE_OVER : GATE_NOISE;
	return interval.low > limit ? GATE_OVER : GATE_NOISE;
}

static enum gate_verdict judge_exact(const struct gate *gate, const struct gate_figure *figure,
				     enum gate_metric metric)
{
	if (figure->new_value == figure->old_value)
		return GATE_EQUAL;
	if (figure->new_value < figure->old_value)
		return GATE_BETTER;
	return figure->new_value > allowed(gate, figure, metric) ? GATE_WORSE : GATE_ALLOWED;
}

static enum gate_verdict judge_ranks(const struct gate *gate, const struct gate_figure *figure,
				     enum gate_metric metric)
{
	const struct gate_series *old = &figure->old, *new = &figure->new;
	bool is_count = !gate_metrics[metric].is_share;
	enum gate_verdict unsure = is_count ? GATE_VARIES : GATE_NOISE;
	/* The other way round the same share is worth mentioning. */
	double less = figure->old_value - (allowed(gate, figure, metric) - figure->old_value);

	if (!(figure->test.p < gate->alpha))
		return unsure;
	if (figure->new_value > allowed(gate, figure, metric))
		return !is_count || new->values[0] > old->values[old->count - 1] ? GATE_WORSE
										 : unsure;
	return figure->new_value < less ? GATE_BETTER : unsure;
}

static enum gate_verdict judge(const struct gate *gate, const struct gate_figure *figure,
			       enum gate_metric metric)
{
	const struct budget_rule *rule = figure->rule;

	if (rule != NULL && rule->kind == BUDGET_MOST)
		return judge_most(figure);
	if (figure->old.count == 0)
		return GATE_NOT_COMPARED;
	if (rule != NULL && rule->kind == BUDGET_ANY)
		return GATE_ALLOWED;
	if (figure->is_exact)
		return judge_exact(gate, figure, metric);
	return judge_ranks(gate, figure, metric);
}

bool gate_is_doubtful(const struct gate *gate, const struct gate_figure *figure,
		      enum gate_metric metric)
{
	const struct budget_rule *rule = figure->rule;

	if (figure->old.count == 0 || figure->new.count == 0 ||
	    (rule != NULL && (rule->kind == BUDGET_ANY || rule->kind == BUDGET_MOST)))
		return false;
	return fabs(figure->new_value - figure->old_value) >
	       (allowed(gate, figure, metric) - figure->old_value) / 3;
}

bool gate_is_unsure(const struct gate *gate, const struct gate_figure *figure,
		    enum gate_metric metric)
{
	return figure->verdict == GATE_NOISE && figure->old.count > 0 && figure->ratio.is_known &&
	       figure->ratio.high * figure->old_value > allowed(gate, figure, metric);
}

void gate_judge(struct gate *gate, struct gate_subject *subject, enum gate_metric metric)
{
	struct gate_figure *figure = &subject->figures[metric];
	struct gate_series *old = &figure->old, *new = &figure->new;

	figure->verdict = GATE_NOT_COMPARED;
	figure->rule = NULL;
	if (new->count == 0)
		return;
	bench_sort(old->values, old->count);
	bench_sort(new->values, new->count);
	figure->rule = budget_find(&gate->budget, subject->test, subject->name, metric);
	figure->new_value = bench_sorted_median(new->values, new->count);
	figure->is_exact = !gate_metrics[metric].is_share && never_varies(new) &&
			   (old->count == 0 || never_varies(old));
	if (old->count > 0) {
		figure->old_value = bench_sorted_median(old->values, old->count);
		figure->test = bench_u_test(old->values, old->count, new->values, new->count);
		figure->ratio =
			bench_ratio_interval(old->values, old->count, new->values, new->count);
	}
	figure->verdict = judge(gate, figure, metric);
}

void gate_judge_all(struct gate *gate)
{
	for (size_t i = 0; i < gate->count; i++)
		for (enum gate_metric metric = 0; metric < GATE_METRIC_COUNT; metric++)
			gate_judge(gate, &gate->subjects[i], metric);
}

size_t gate_worse(const struct gate *gate)
{
	size_t worse = gate->broken_count;

	for (size_t i = 0; i < gate->count; i++)
		for (size_t metric = 0; metric < GATE_METRIC_COUNT; metric++)
			worse += gate_is_worse(gate->subjects[i].figures[metric].verdict);
	return worse;
}

void gate_note(struct gate *gate, const char *format, ...)
{
	va_list arguments;

	gate->notes = xgrow(gate->notes, gate->note_count, &gate->note_cap, sizeof *gate->notes);
	va_start(arguments, format);
	gate->notes[gate->note_count++] = xvasprintf(format, arguments);
	va_end(arguments);
}

void gate_break(struct gate *gate, const char *format, ...)
{
	va_list arguments;

	gate->broken =
		xgrow(gate->broken, gate->broken_count, &gate->broken_cap, sizeof *gate->broken);
	va_start(arguments, format);
	gate->broken[gate->broken_count++] = xvasprintf(format, arguments);
	va_end(arguments);
}

static void free_texts(char **texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(texts[i]);
	free(texts);
}

void gate_free(struct gate *gate)
{
	for (size_t i = 0; i < gate->count; i++) {
		for (size_t metric = 0; metric < GATE_METRIC_COUNT; metric++) {
			free(gate->subjects[i].figures[metric].old.values);
			free(gate->subjects[i].figures[metric].new.values);
		}
		free(gate->subjects[i].test);
		free(gate->subjects[i].name);
	}
	free(gate->subjects);
	free_texts(gate->broken, gate->broken_count);
	free_texts(gate->notes, gate->note_count);
	budget_free(&gate->budget);
}
