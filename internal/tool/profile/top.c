/* SPDX-License-Identifier: MIT */
#include "tool/profile/top.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/sum.h"
#include "base/xalloc.h"

/* Count a frame of sample `number`. The first of a sample, its leaf, is what the time was spent in. */
static void count(struct top_row *counted, size_t number, int64_t value, bool leaf)
{
	if (leaf)
		counted->flat = sum_saturating(counted->flat, value);
	if (counted->counted != number)
		counted->cum = sum_saturating(counted->cum, value);
	counted->counted = number;
}

static void count_samples(struct top *top, const struct frames_of *of, size_t type)
{
	struct frames_stack stack = {0};

	for (size_t i = 0; i < of->profile->sample_count; i++) {
		const struct profile_sample *sample = &of->profile->samples[i];

		frames_expand(of, sample, &stack);
		for (size_t j = 0; j < stack.len; j++)
			count(&top->rows[stack.calls[j].frame], i + 1, sample->values[type],
			      j == 0);
	}
	free(stack.calls);
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

int64_t top_total(const struct profile *profile, size_t type)
{
	int64_t total = 0;

	for (size_t i = 0; i < profile->sample_count; i++)
		total = sum_saturating(total, sum_magnitude(profile->samples[i].values[type]));
	return total;
}

struct top *top_new(const struct profile *profile, size_t type)
{
	struct top *top = xcalloc(1, sizeof(*top));
	struct frames_of of = frames_add(&top->frames, profile);

	top->row_count = top->frames.count;
	top->rows = xcalloc(top->row_count, sizeof(*top->rows));
	for (size_t i = 0; i < top->row_count; i++) {
		const struct frame *frame = &top->frames.frames[i];

		top->rows[i] = (struct top_row){.frame = (uint32_t)i,
						.name = frame->name,
						.file = frame->file,
						.line = frame->line};
	}
	count_samples(top, &of, type);
	frames_of_free(&of);
	top->total = top_total(profile, type);
	drop_empty_rows(top);
	if (top->row_count)
		qsort(top->rows, top->row_count, sizeof(*top->rows), by_cost);
	return top;
}

void top_free(struct top *top)
{
	if (!top)
		return;
	frames_free(&top->frames);
	free(top->rows);
	free(top);
}
