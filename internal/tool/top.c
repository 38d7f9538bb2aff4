/* SPDX-License-Identifier: MIT */
#include "tool/top.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/set.h"
#include "base/sum.h"
#include "base/xalloc.h"

#define NO_ROW SIZE_MAX

/* A table being made. */
struct summing {
	const struct profile *profile;
	struct top *top;
	struct set set; /* numbers: a row's place + 1 */
	size_t row_cap;
	size_t *of_function, *of_mapping; /* [id - 1]: the row, NO_ROW before it is made */
	size_t of_nothing;		  /* the row of what has neither */
};

static bool same_row(const void *things, uint32_t number, const void *wanted)
{
	const struct top_row *a = &((const struct top *)things)->rows[number - 1];
	const struct top_row *b = wanted;

	return strcmp(a->name, b->name) == 0 && strcmp(a->file, b->file) == 0;
}

/* The row of a name and file, added when it is new. */
static size_t row_of(struct summing *summing, const struct top_row *wanted)
{
	struct top *top = summing->top;
	uint64_t hash = hash_bytes(HASH_START, wanted->name, strlen(wanted->name) + 1);
	uint32_t number;

	hash = hash_bytes(hash, wanted->file, strlen(wanted->file));
	number = set_find(&summing->set, hash, same_row, top, wanted, (uint32_t)top->row_count + 1);
	if (number > top->row_count) {
		top->rows = xgrow(top->rows, top->row_count, &summing->row_cap, sizeof(*top->rows));
		top->rows[top->row_count++] = *wanted;
	}
	return number - 1;
}

static size_t row_of_function(struct summing *summing, uint64_t id)
{
	const struct profile_function *function = &summing->profile->functions[id - 1];
	struct top_row row = {
		.name = function->name, .file = function->file, .line = function->start_line};
	size_t *known = &summing->of_function[id - 1];

	if (!*row.name)
		row.name = "<unknown>";
	if (*known == NO_ROW)
		*known = row_of(summing, &row);
	return *known;
}

/* "[libfoo.so]", as pprof calls what has no name. */
static const char *name_of_mapping(struct summing *summing, uint64_t id)
{
	const char *path = id ? summing->profile->mappings[id - 1].path : "";
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	size_t size = strlen(base) + 3;
	char *name;

	if (!*base)
		return "<unknown>";
	if (*base == '[')
		return base; /* "[vdso]" */
	name = arena_get(&summing->top->names, size, 1);
	snprintf(name, size, "[%s]", base);
	return name;
}

static size_t row_of_mapping(struct summing *summing, uint64_t id)
{
	size_t *known = id ? &summing->of_mapping[id - 1] : &summing->of_nothing;

	if (*known == NO_ROW)
		*known = row_of(summing, &(struct top_row){.name = name_of_mapping(summing, id),
							   .file = ""});
	return *known;
}

/* Count a frame of sample `number`. The first of a sample, its leaf, is what the time was spent in. */
static void count(struct summing *summing, size_t row, size_t number, int64_t value, bool leaf)
{
	struct top_row *counted = &summing->top->rows[row];

	if (leaf)
		counted->flat = sum_saturating(counted->flat, value);
	if (counted->counted != number)
		counted->cum = sum_saturating(counted->cum, value);
	counted->counted = number;
}

static void count_sample(struct summing *summing, const struct profile_sample *sample,
			 size_t number, int64_t value)
{
	bool leaf = true;

	for (size_t i = 0; i < sample->location_count; i++) {
		const struct profile_location *location =
			&summing->profile->locations[sample->locations[i] - 1];

		for (size_t j = 0; j < location->line_count; j++) {
			count(summing, row_of_function(summing, location->lines[j].function),
			      number, value, leaf);
			leaf = false;
		}
		if (!location->line_count)
			count(summing, row_of_mapping(summing, location->mapping), number, value,
			      leaf);
		leaf = false;
	}
}

static int by_cost(const void *a, const void *b)
{
	const struct top_row *x = a, *y = b;
	int order;

	if (x->flat != y->flat)
		return x->flat > y->flat ? -1 : 1;
	if (x->cum != y->cum)
		return x->cum > y->cum ? -1 : 1;
	order = strcmp(x->name, y->name);
	return order ? order : strcmp(x->file, y->file);
}

static void drop_empty_rows(struct top *top)
{
	size_t kept = 0;

	for (size_t i = 0; i < top->row_count; i++) {
		if (top->rows[i].flat || top->rows[i].cum)
			top->rows[kept++] = top->rows[i];
	}
	top->row_count = kept;
}

static size_t *no_rows(size_t count)
{
	size_t *rows = xmalloc(count * sizeof(*rows));

	memset(rows, 0xff, count * sizeof(*rows)); /* NO_ROW */
	return rows;
}

int64_t top_total(const struct profile *profile, size_t type)
{
	int64_t total = 0;

	for (size_t i = 0; i < profile->sample_count; i++) {
		int64_t value = profile->samples[i].values[type];

		total = sum_saturating(total, value == INT64_MIN ? INT64_MAX : llabs(value));
	}
	return total;
}

struct top *top_new(const struct profile *profile, size_t type)
{
	struct top *top = xcalloc(1, sizeof(*top));
	struct summing summing = {.profile = profile, .top = top, .of_nothing = NO_ROW};

	summing.of_function = no_rows(profile->function_count);
	summing.of_mapping = no_rows(profile->mapping_count);
	for (size_t i = 0; i < profile->sample_count; i++)
		count_sample(&summing, &profile->samples[i], i + 1,
			     profile->samples[i].values[type]);
	top->total = top_total(profile, type);
	drop_empty_rows(top);
	if (top->row_count)
		qsort(top->rows, top->row_count, sizeof(*top->rows), by_cost);
	set_free(&summing.set);
	free(summing.of_function);
	free(summing.of_mapping);
	return top;
}

void top_free(struct top *top)
{
	if (!top)
		return;
	arena_free(&top->names);
	free(top->rows);
	free(top);
}
