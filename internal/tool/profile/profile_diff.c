/* SPDX-License-Identifier: MIT */
#include "tool/profile/profile_diff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/common/bench_stats_rank.h"
#include "tool/common/count_stats.h"

/* A function of one profile. */
struct entry {
	const struct top_row *row;
	bool is_new;
	size_t run;
};

/* The functions of all profiles, by name and file. */
struct entries {
	struct entry *items;
	size_t count, cap;
};

/* What one function has in each profile of both sides, new ones behind old ones. */
struct values {
	double *self, *all;
};

static const char *base_name(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash ? slash + 1 : file;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->row->name, y->row->name);

	if (order == 0)
		order = strcmp(base_name(x->row->file), base_name(y->row->file));
	return order != 0 ? order : strcmp(x->row->file, y->row->file);
}

static void add_entries(struct entries *entries, const struct profile_diff_side *side, bool is_new)
{
	for (size_t run = 0; run < side->runs->count; run++)
		for (size_t i = 0; i < side->tops[run]->row_count; i++) {
			entries->items = xgrow(entries->items, entries->count, &entries->cap,
					       sizeof(*entries->items));
			entries->items[entries->count++] =
				(struct entry){&side->tops[run]->rows[i], is_new, run};
		}
}

static size_t runs_of(const struct profile_diff *diff)
{
	return diff->old.runs->count + diff->new.runs->count;
}

/* Does a side repeat a function, as two static ones of one name and file name do? Then their folders tell them apart. */
static bool is_ambiguous(const struct entry *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++)
			if (items[i].is_new == items[j].is_new && items[i].run == items[j].run)
				return true;
	return false;
}

static bool is_same_name(const struct entry *a, const struct entry *b)
{
	return strcmp(a->row->name, b->row->name) == 0 &&
	       strcmp(base_name(a->row->file), base_name(b->row->file)) == 0;
}

/* What one sample stands for in a profile's values. */
static double sample_value(const struct profile_diff *diff, const struct profile *profile)
{
	return strcmp(diff->unit, "nanoseconds") == 0 && profile->period > 0
		       ? (double)profile->period
		       : 1;
}

/* Samples, and what they were counted over, of each profile of a side: with a period of twice the length there are half as
 * many. */
static void count_side(const struct profile_diff *diff, const struct profile_diff_side *side,
		       const double *values, double *counts, double *exposures)
{
	for (size_t i = 0; i < side->runs->count; i++) {
		double worth = sample_value(diff, side->runs->profiles[i]);

		counts[i] = values[i] / worth;
		exposures[i] = side->exposures[i] / worth;
	}
}

static double sum(const double *values, size_t count)
{
	double total = 0;

	for (size_t i = 0; i < count; i++)
		total += values[i];
	return total;
}

static void judge_samples(const struct profile_diff *diff, struct profile_diff_figure *figure,
			  const double *values)
{
	size_t old_runs = diff->old.runs->count, new_runs = diff->new.runs->count;
	double *counts = xmalloc(2 * runs_of(diff) * sizeof(*counts));
	double *exposures = counts + runs_of(diff);
	struct count_side old = {counts, exposures, old_runs};
	struct count_side new = {counts + old_runs, exposures + old_runs, new_runs};
	struct count_test test;

	count_side(diff, &diff->old, values, counts, exposures);
	count_side(diff, &diff->new, values + old_runs, counts + old_runs, exposures + old_runs);
	test = count_compare(&old, &new, PROFILE_DIFF_MARGIN);
	figure->old = sum(values, old_runs) / sum(diff->old.exposures, old_runs);
	figure->new = sum(values + old_runs, new_runs) / sum(diff->new.exposures, new_runs);
	figure->samples = sum(counts, runs_of(diff));
	figure->p = test.p;
	figure->ratio = test.ratio;
	free(counts);
}

static bool never_varies(const double *sorted, size_t count)
{
	return sorted[0] == sorted[count - 1];
}

/* Values that are not samples: exact where nothing varies, else by their order. */
static void judge_values(const struct profile_diff *diff, struct profile_diff_figure *figure,
			 const double *values)
{
	size_t old_count = diff->old.runs->count, new_count = diff->new.runs->count;
	double *old = xmalloc(runs_of(diff) * sizeof(*old)), *new = old + old_count;
	bool is_constant;

	for (size_t i = 0; i < runs_of(diff); i++)
		old[i] = values[i] / (i < old_count ? diff->old.exposures[i]
						    : diff->new.exposures[i - old_count]);
	bench_sort(old, old_count);
	bench_sort(new, new_count);
	figure->old = bench_sorted_median(old, old_count);
	figure->new = bench_sorted_median(new, new_count);
	figure->p = bench_u_test(old, old_count, new, new_count).p;
	figure->ratio = bench_ratio_interval(old, old_count, new, new_count);
	is_constant = never_varies(old, old_count) && never_varies(new, new_count);
	if (is_constant && figure->old == figure->new)
		figure->verdict = PROFILE_DIFF_EQUAL;
	else if (is_constant && diff->method == PROFILE_DIFF_COUNTED)
		figure->verdict = PROFILE_DIFF_EXACT;
	else if (old_count == 1 || new_count == 1)
		figure->verdict = PROFILE_DIFF_UNKNOWN;
	free(old);
}

static struct profile_diff_figure judge(const struct profile_diff *diff, const double *values)
{
	struct profile_diff_figure figure = {.verdict = PROFILE_DIFF_NOISE};

	if (diff->method == PROFILE_DIFF_SAMPLED)
		judge_samples(diff, &figure, values);
	else
		judge_values(diff, &figure, values);
	return figure;
}

static void add_row(struct profile_diff *diff, const struct entry *items, size_t count,
		    struct values *values)
{
	const struct top_row *shown = items[0].row;
	struct profile_diff_row *row;

	memset(values->self, 0, runs_of(diff) * sizeof(*values->self));
	memset(values->all, 0, runs_of(diff) * sizeof(*values->all));
	for (size_t i = 0; i < count; i++) {
		size_t place = items[i].run + (items[i].is_new ? diff->old.runs->count : 0);

		values->self[place] += (double)items[i].row->flat;
		values->all[place] += (double)items[i].row->cum;
		if (items[i].is_new)
			shown = items[i].row;
	}
	diff->rows = xgrow(diff->rows, diff->count, &diff->cap, sizeof(*diff->rows));
	row = &diff->rows[diff->count++];
	*row = (struct profile_diff_row){
		.name = shown->name, .file = shown->file, .line = shown->line};
	row->self = judge(diff, values->self);
	row->all = judge(diff, values->all);
}

/* Rows of the functions of one name and file name. */
static void add_rows(struct profile_diff *diff, const struct entry *items, size_t count,
		     struct values *values)
{
	size_t first = 0;

	if (!is_ambiguous(items, count)) {
		add_row(diff, items, count, values);
		return;
	}
	for (size_t i = 1; i <= count; i++)
		if (i == count || strcmp(items[i].row->file, items[first].row->file) != 0) {
			add_row(diff, items + first, i - first, values);
			first = i;
		}
}

/* Projects are in other folders on other machines: the file's name is enough, unless it is not. */
static void compare_functions(struct profile_diff *diff)
{
	struct entries entries = {0};
	struct values values = {xmalloc(runs_of(diff) * sizeof(double)),
				xmalloc(runs_of(diff) * sizeof(double))};
	size_t first = 0;

	add_entries(&entries, &diff->old, false);
	add_entries(&entries, &diff->new, true);
	if (entries.count > 0)
		qsort(entries.items, entries.count, sizeof(*entries.items), compare_entries);
	for (size_t i = 1; i <= entries.count; i++)
		if (i == entries.count || !is_same_name(&entries.items[i], &entries.items[first])) {
			add_rows(diff, entries.items + first, i - first, &values);
			first = i;
		}
	free(values.self);
	free(values.all);
	free(entries.items);
}

static void compare_totals(struct profile_diff *diff)
{
	double *values = xmalloc(runs_of(diff) * sizeof(*values));

	for (size_t i = 0; i < diff->old.runs->count; i++)
		values[i] = (double)diff->old.tops[i]->total;
	for (size_t i = 0; i < diff->new.runs->count; i++)
		values[diff->old.runs->count + i] = (double)diff->new.tops[i]->total;
	diff->total = judge(diff, values);
	free(values);
}

static bool is_candidate(const struct profile_diff *diff, const struct profile_diff_figure *figure)
{
	return figure->verdict == PROFILE_DIFF_NOISE &&
	       (diff->method != PROFILE_DIFF_SAMPLED ||
		figure->samples >= PROFILE_DIFF_SAMPLES_MIN);
}

static void believe(const struct profile_diff *diff, struct profile_diff_figure *figure,
		    double most)
{
	if (is_candidate(diff, figure) && figure->p <= most)
		figure->verdict = PROFILE_DIFF_CHANGED;
}

/* What of one sort of figures is more than chance makes, over all functions. */
static void believe_all(struct profile_diff *diff, size_t offset, double alpha)
{
	double *p = xmalloc((diff->count + 1) * sizeof(*p)), most;
	size_t count = 0;

	for (size_t i = 0; i < diff->count; i++) {
		const struct profile_diff_figure *figure =
			(const void *)((const char *)&diff->rows[i] + offset);

		if (is_candidate(diff, figure))
			p[count++] = figure->p;
	}
	most = count_believed(p, count, alpha);
	for (size_t i = 0; i < diff->count; i++)
		believe(diff, (void *)((char *)&diff->rows[i] + offset), most);
	free(p);
}

static void begin_side(struct profile_diff_side *side)
{
	bool is_known = true;

	side->tops = xmalloc(side->runs->count * sizeof(*side->tops));
	side->exposures = xmalloc(side->runs->count * sizeof(*side->exposures));
	for (size_t i = 0; i < side->runs->count; i++) {
		uint64_t repeats = profile_repeats(side->runs->profiles[i]);

		side->tops[i] = top_new(side->runs->profiles[i], side->types[i]);
		side->exposures[i] = (double)repeats;
		side->repeats += repeats;
		is_known = is_known && repeats > 0;
	}
	if (!is_known)
		side->repeats = 0;
}

static double mean_total(const struct profile_diff_side *side)
{
	double total = 0;

	for (size_t i = 0; i < side->runs->count; i++)
		total += (double)side->tops[i]->total;
	return total / (double)side->runs->count;
}

/* Values are divided by the test's runs; or by what makes all totals the new ones' mean; or by nothing. */
static void scale_side(const struct profile_diff *diff, struct profile_diff_side *side)
{
	double mean = mean_total(&diff->new);

	for (size_t i = 0; i < side->runs->count; i++) {
		double total = (double)side->tops[i]->total;

		if (diff->is_normalised)
			side->exposures[i] = mean > 0 && total > 0 ? total / mean : 1;
		else if (!diff->is_a_run)
			side->exposures[i] = 1;
	}
}

/* A heap of which every so many bytes are sampled is no count. */
static bool is_counted(const struct profile_runs *runs)
{
	for (size_t i = 0; i < runs->count; i++)
		if (runs->profiles[i]->period > 1)
			return false;
	return true;
}

static enum profile_diff_method method_of(const struct profile_diff *diff, const struct kind *kind)
{
	if (strcmp(kind->file, "cpu") == 0)
		return PROFILE_DIFF_SAMPLED;
	if (strcmp(kind->file, "mem") == 0 && is_counted(diff->old.runs) &&
	    is_counted(diff->new.runs))
		return PROFILE_DIFF_COUNTED;
	return PROFILE_DIFF_ESTIMATED;
}

void profile_diff_make(struct profile_diff *diff, const struct kind *kind, double alpha)
{
	diff->method = method_of(diff, kind);
	begin_side(&diff->old);
	begin_side(&diff->new);
	/* A peak is no sum over the runs. */
	diff->is_a_run = !diff->is_normalised && diff->old.repeats > 0 && diff->new.repeats > 0 &&
			 strncmp(diff->type, "peak_", 5) != 0;
	scale_side(diff, &diff->old);
	scale_side(diff, &diff->new);
	compare_functions(diff);
	compare_totals(diff);
	believe(diff, &diff->total, alpha);
	believe_all(diff, offsetof(struct profile_diff_row, self), alpha);
	believe_all(diff, offsetof(struct profile_diff_row, all), alpha);
}

static void free_side(struct profile_diff_side *side)
{
	for (size_t i = 0; i < side->runs->count; i++)
		top_free(side->tops[i]);
	free(side->tops);
	free(side->exposures);
}

void profile_diff_free(struct profile_diff *diff)
{
	free_side(&diff->old);
	free_side(&diff->new);
	free(diff->rows);
}
