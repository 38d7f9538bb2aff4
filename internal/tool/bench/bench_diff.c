/* SPDX-License-Identifier: MIT */
#include "tool/bench/bench_diff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* Units that everybody has, in the order of their tables, and what is known of them. Others follow by name. The first is what
 * tells of a small change on a machine that others use. */
static const struct bench_text_unit known_units[] = {
	{BENCH_MIDDLE_UNIT, BENCH_BETTER_LOWER, false},
	{"ns/op", BENCH_BETTER_LOWER, false},
	{"MB/s", BENCH_BETTER_HIGHER, false},
	{"B/op", BENCH_BETTER_LOWER, true},
	{"allocs/op", BENCH_BETTER_LOWER, true},
	{"instructions/op", BENCH_BETTER_LOWER, false},
	{"cycles/op", BENCH_BETTER_LOWER, false},
	{"cpu-ns/op", BENCH_BETTER_LOWER, false},
	{"page-faults/op", BENCH_BETTER_LOWER, false},
	{"context-switches/op", BENCH_BETTER_LOWER, false},
};

enum { KNOWN_UNITS = sizeof known_units / sizeof *known_units };

static size_t unit_rank(const char *unit)
{
	size_t i = 0;

	while (i < KNOWN_UNITS && strcmp(known_units[i].unit, unit) != 0)
		i++;
	return i;
}

static int compare_units(const char *a, const char *b)
{
	size_t x = unit_rank(a), y = unit_rank(b);

	return x != y ? (x > y) - (x < y) : strcmp(a, b);
}

static int compare_keys(const struct bench_text_value *a, const struct bench_text_value *b)
{
	int order = compare_units(a->unit, b->unit);

	if (order == 0)
		order = strcmp(a->package, b->package);
	return order != 0 ? order : strcmp(a->name, b->name);
}

static int compare_values(const void *a, const void *b)
{
	const struct bench_text_value *x = a, *y = b;
	int order = compare_keys(x, y);

	return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static int compare_rows(const void *a, const void *b)
{
	const struct bench_diff_row *x = a, *y = b;
	int order = compare_units(x->unit, y->unit);

	return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

/* The values by unit and benchmark. Where packages tell nothing apart, they don't count: a moved benchmark is the same. */
static struct bench_text_value *sort(const struct bench_text *text, bool by_package)
{
	struct bench_text_value *sorted = xmalloc(text->count * sizeof *sorted);

	for (size_t i = 0; i < text->count; i++) {
		sorted[i] = text->values[i];
		if (!by_package)
			sorted[i].package = "";
	}
	if (text->count > 0)
		qsort(sorted, text->count, sizeof *sorted, compare_values);
	return sorted;
}

/* Where the values of the first one's unit and benchmark end. */
static size_t series_end(const struct bench_text_value *sorted, size_t count, size_t from)
{
	size_t end = from + 1;

	while (end < count && compare_keys(&sorted[end], &sorted[from]) == 0)
		end++;
	return end;
}

static void take_sample(struct bench_sample *sample, const struct bench_text_value *values,
			size_t count)
{
	sample->values = xmalloc(count * sizeof *sample->values);
	sample->count = count;
	for (size_t i = 0; i < count; i++)
		sample->values[i] = values[i].value;
	bench_sort(sample->values, count);
	sample->median = bench_sorted_median(sample->values, count);
	sample->interval = bench_median_interval(sample->values, count);
}

static bool never_varies(const struct bench_sample *sample)
{
	return sample->values[0] == sample->values[sample->count - 1];
}

static enum bench_verdict judge(const struct bench_diff_row *row, bool is_exact, double alpha)
{
	if (never_varies(&row->old) && never_varies(&row->new)) {
		if (row->old.median == row->new.median)
			return BENCH_EQUAL;
		if (is_exact)
			return BENCH_CHANGED;
	}
	return row->test.p < alpha ? BENCH_DIFFERS : BENCH_UNSURE;
}

/* What the texts say of a unit, the new one before the old one, and else what everybody knows. */
static struct bench_text_unit unit_facts(const char *unit, const struct bench_text *old,
					 const struct bench_text *new)
{
	const struct bench_text *const texts[] = {new, old};
	size_t rank = unit_rank(unit);

	for (size_t t = 0; t < 2; t++)
		for (size_t i = 0; i < texts[t]->unit_count; i++)
			if (strcmp(texts[t]->units[i].unit, unit) == 0)
				return texts[t]->units[i];
	return rank < KNOWN_UNITS ? known_units[rank] : (struct bench_text_unit){.unit = unit};
}

struct side {
	const struct bench_text *text;
	struct bench_text_value *sorted;
	size_t count, at, end; /* the series that is looked at */
};

static void add_row(struct bench_diff *diff, const struct side *old, const struct side *new)
{
	const struct bench_text_value *first = &new->sorted[new->at];
	struct bench_text_unit unit = unit_facts(first->unit, old->text, new->text);
	struct bench_diff_row *row;

	diff->rows = xgrow(diff->rows, diff->count, &diff->cap, sizeof *diff->rows);
	row = &diff->rows[diff->count++];
	*row = (struct bench_diff_row){.name = first->name,
				       .package = first->package,
				       .unit = first->unit,
				       .better = unit.better,
				       .order = first->line};
	take_sample(&row->old, old->sorted + old->at, old->end - old->at);
	take_sample(&row->new, first, new->end - new->at);
	row->test = bench_u_test(row->old.values, row->old.count, row->new.values, row->new.count);
	row->ratio = bench_ratio_interval(row->old.values, row->old.count, row->new.values,
					  row->new.count);
	row->verdict = judge(row, unit.is_exact, diff->alpha);
}

/* Both sides are sorted alike: go through them together. */
static void join(struct bench_diff *diff, struct side *old, struct side *new)
{
	while (old->at < old->count && new->at < new->count) {
		int order = compare_keys(&old->sorted[old->at], &new->sorted[new->at]);

		old->end = series_end(old->sorted, old->count, old->at);
		new->end = series_end(new->sorted, new->count, new->at);
		if (order == 0)
			add_row(diff, old, new);
		old->at = order <= 0 ? old->end : old->at;
		new->at = order >= 0 ? new->end : new->at;
	}
	if (diff->count > 0)
		qsort(diff->rows, diff->count, sizeof *diff->rows, compare_rows);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The text's names, sorted, each once. */
static const char **names_of(const struct bench_text *text, size_t *count)
{
	const char **names = xmalloc((text->count + 1) * sizeof *names);
	size_t kept = 0;

	for (size_t i = 0; i < text->count; i++)
		names[i] = text->values[i].name;
	qsort(names, text->count, sizeof *names, compare_names);
	for (size_t i = 0; i < text->count; i++)
		if (kept == 0 || strcmp(names[i], names[kept - 1]) != 0)
			names[kept++] = names[i];
	*count = kept;
	return names;
}

/* Those of `names` that are not among `others`. Both are sorted. Returns names, shortened. */
static const char **keep_missing(const char **names, size_t *count, const char *const *others,
				 size_t other_count)
{
	size_t kept = 0;

	for (size_t i = 0; i < *count; i++)
		if (bsearch(&names[i], others, other_count, sizeof *others, compare_names) == NULL)
			names[kept++] = names[i];
	*count = kept;
	return names;
}

static void find_lonely(struct bench_diff *diff, const struct bench_text *old,
			const struct bench_text *new)
{
	size_t old_count, new_count;
	const char **old_names = names_of(old, &old_count);
	const char **new_names = names_of(new, &new_count);
	const char **both = names_of(new, &diff->only_new_count);

	diff->only_new = keep_missing(both, &diff->only_new_count, old_names, old_count);
	diff->only_old_count = old_count;
	diff->only_old = keep_missing(old_names, &diff->only_old_count, new_names, new_count);
	free(new_names);
}

void bench_diff_make(struct bench_diff *diff, const struct bench_text *old,
		     const struct bench_text *new, double alpha)
{
	bool by_package = old->config[BENCH_TEXT_PKG].varies || new->config[BENCH_TEXT_PKG].varies;
	struct side a = {.text = old, .sorted = sort(old, by_package), .count = old->count};
	struct side b = {.text = new, .sorted = sort(new, by_package), .count = new->count};

	*diff = (struct bench_diff){.alpha = alpha, .shows_package = by_package};
	join(diff, &a, &b);
	find_lonely(diff, old, new);
	free(a.sorted);
	free(b.sorted);
}

void bench_diff_free(struct bench_diff *diff)
{
	for (size_t i = 0; i < diff->count; i++) {
		free(diff->rows[i].old.values);
		free(diff->rows[i].new.values);
	}
	free(diff->rows);
	free(diff->only_old);
	free(diff->only_new);
}

bool bench_diff_geomean(const struct bench_diff_row *rows, size_t count, double *old, double *new)
{
	double old_sum = 0, new_sum = 0;

	for (size_t i = 0; i < count; i++) {
		if (!(rows[i].old.median > 0) || !(rows[i].new.median > 0))
			return false;
		old_sum += log(rows[i].old.median);
		new_sum += log(rows[i].new.median);
	}
	*old = exp(old_sum / (double)count);
	*new = exp(new_sum / (double)count);
	return true;
}

size_t bench_diff_unit(const struct bench_diff *diff, size_t first)
{
	size_t count = 1;

	while (first + count < diff->count &&
	       strcmp(diff->rows[first].unit, diff->rows[first + count].unit) == 0)
		count++;
	return count;
}
