/* SPDX-License-Identifier: MIT */
#include "tool/report/report_changes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/report/artifact_file.h"

/* As bench-diff does. */
#define ALPHA 0.01
/* What several threads change in allocations by chance; measured: 1 in 40,000. */
#define THREADS_SHARE 0.01

/* The same test in both folders. */
struct pair {
	struct artifact *base, *artifact;
	const struct artifact_test *old, *new;
};

static void add_title(const char ***titles, size_t *count, size_t *cap, const char *title)
{
	*titles = xgrow(*titles, *count, cap, sizeof(**titles));
	(*titles)[(*count)++] = title;
}

static void add(struct report_changes *changes, const struct report_change *change)
{
	changes->items =
		xgrow(changes->items, changes->count, &changes->cap, sizeof(*changes->items));
	changes->items[changes->count++] = *change;
}

/* Where a stack begins: "_start", "clone3" of another thread. */
static const char *root_of(const struct profile *profile, const struct profile_sample *sample)
{
	const struct profile_location *location;

	if (!sample->location_count)
		return "";
	location = &profile->locations[sample->locations[sample->location_count - 1] - 1];
	if (!location->line_count)
		return "";
	return profile->functions[location->lines[location->line_count - 1].function - 1].name;
}

static bool is_root_of_thread(const char *name)
{
	static const char *const names[] = {"clone3", "__clone3", "clone", "__clone",
					    "start_thread"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Do other threads allocate? Then it depends on who runs when how much is allocated at once, and sometimes how often. Threads
 * may share a name, but their stacks begin elsewhere than the first one's. */
static bool is_threaded(struct artifact *artifact, const struct artifact_test *test)
{
	struct profile *profile = artifact_profile(artifact, test, ARTIFACT_FILE_MEM);
	const char *first = NULL;
	bool has_others = false;

	for (size_t i = 0; profile && i < profile->sample_count; i++) {
		const char *root = root_of(profile, &profile->samples[i]);

		first = first ? first : root;
		has_others |= is_root_of_thread(root) || strcmp(root, first) != 0;
	}
	profile_free(profile);
	return has_others;
}

/* Is a difference one that threads can make? */
static bool is_of_threads(const struct pair *pair, enum artifact_metric metric)
{
	double old = pair->old->metrics[metric], new = pair->new->metrics[metric];
	bool is_small = fabs(new - old) < THREADS_SHARE * old;

	if (metric != ARTIFACT_PEAK &&
	    !(is_small && (metric == ARTIFACT_ALLOCS || metric == ARTIFACT_BYTES)))
		return false;
	return is_threaded(pair->base, pair->old) || is_threaded(pair->artifact, pair->new);
}

static void compare_metrics(struct report_changes *changes, const struct pair *pair)
{
	const struct artifact_test *old = pair->old, *new = pair->new;

	for (size_t i = 0; i < ARTIFACT_METRIC_COUNT; i++) {
		const struct artifact_metric_info *info = &artifact_metrics[i];

		if (!info->is_exact || !old->has[i] || !new->has[i] ||
		    old->metrics[i] == new->metrics[i])
			continue;
		if (is_of_threads(pair, i)) {
			changes->threaded++;
			continue;
		}
		add(changes, &(struct report_change){new->title, info->name, info->title,
						     info->unit, old->metrics[i], new->metrics[i],
						     new->metrics[i] > old->metrics[i]});
	}
}

static void compare_test(struct report_changes *changes, const struct pair *pair)
{
	const struct artifact_test *old = pair->old, *new = pair->new;
	bool was_good = outcome_is_good(old->outcome), is_good = outcome_is_good(new->outcome);

	if (was_good && !is_good)
		add_title(&changes->broken, &changes->broken_count, &changes->broken_cap,
			  new->title);
	if (!was_good && is_good)
		add_title(&changes->mended, &changes->mended_count, &changes->mended_cap,
			  new->title);
	changes->machine_differs += strcmp(old->machine, new->machine) != 0;
	compare_metrics(changes, pair);
}

static void compare_tests(struct report_changes *changes, struct artifact *base,
			  struct artifact *artifact)
{
	for (size_t i = 0; i < artifact->count; i++) {
		const struct artifact_test *test = &artifact->tests[i];
		const struct artifact_test *old = artifact_find(base, test->title);

		if (test->is_set)
			continue;
		if (old && !old->is_set)
			compare_test(changes, &(struct pair){base, artifact, old, test});
		else
			add_title(&changes->added, &changes->added_count, &changes->added_cap,
				  test->title);
	}
	for (size_t i = 0; i < base->count; i++)
		if (!base->tests[i].is_set && !artifact_find(artifact, base->tests[i].title))
			add_title(&changes->gone, &changes->gone_count, &changes->gone_cap,
				  base->tests[i].title);
}

/* The texts of all benchmarks that both have. */
static void read_texts(struct bench_text *text, struct artifact *artifact,
		       const struct artifact *other)
{
	for (size_t i = 0; i < artifact->count; i++) {
		const struct artifact_test *test = &artifact->tests[i];
		size_t size;
		char *bytes;

		if (!(test->files & 1u << ARTIFACT_FILE_BENCH) ||
		    !artifact_find(other, test->title))
			continue;
		bytes = artifact_text(artifact, test, ARTIFACT_FILE_BENCH, &size);
		if (bytes)
			bench_text_parse(text, bytes, size);
		free(bytes);
	}
}

static void compare_benchmarks(struct report_changes *changes, struct artifact *base,
			       struct artifact *artifact)
{
	read_texts(&changes->old_text, base, artifact);
	read_texts(&changes->new_text, artifact, base);
	bench_diff_make(&changes->diff, &changes->old_text, &changes->new_text, ALPHA);
	for (size_t i = 0; i < changes->diff.count; i++) {
		const struct bench_diff_row *row = &changes->diff.rows[i];
		bool is_more = row->new.median > row->old.median;

		if (row->verdict == BENCH_UNSURE &&
		    bench_least_p(row->old.count, row->new.count) >= ALPHA)
			changes->unsure++;
		if ((row->verdict != BENCH_DIFFERS && row->verdict != BENCH_CHANGED) ||
		    row->better == BENCH_BETTER_UNKNOWN)
			continue;
		add(changes,
		    &(struct report_change){row->name, row->unit, row->unit, row->unit,
					    row->old.median, row->new.median,
					    is_more == (row->better == BENCH_BETTER_LOWER)});
	}
}

/* What is worse first; by measure, and the largest change first. */
static int compare_changes(const void *a, const void *b)
{
	const struct report_change *x = a, *y = b;
	double x_ratio = x->old != 0 ? x->new / x->old : x->new * 1e9;
	double y_ratio = y->old != 0 ? y->new / y->old : y->new * 1e9;
	int order = y->is_worse - x->is_worse;

	if (!order)
		order = strcmp(x->title, y->title);
	if (!order)
		order = (x_ratio < y_ratio) - (x_ratio > y_ratio);
	return order ? order : strcmp(x->test, y->test);
}

void report_changes_make(struct report_changes *changes, struct artifact *base,
			 struct artifact *artifact)
{
	*changes = (struct report_changes){0};
	compare_tests(changes, base, artifact);
	compare_benchmarks(changes, base, artifact);
	if (changes->count)
		qsort(changes->items, changes->count, sizeof(*changes->items), compare_changes);
}

void report_changes_free(struct report_changes *changes)
{
	bench_diff_free(&changes->diff);
	bench_text_free(&changes->old_text);
	bench_text_free(&changes->new_text);
	free(changes->items);
	free(changes->broken);
	free(changes->mended);
	free(changes->added);
	free(changes->gone);
}
