/* SPDX-License-Identifier: MIT */
/* links: tool */
/* Any bytes as two texts of benchmarks: what is read can be compared and printed, and says what it has to. The old
 * text is what stands before the first zero byte. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/bench/bench_diff_print.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(int condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "bench_text_fuzz: %s\n", what);
	abort();
}

static void check_text(const struct bench_text *text)
{
	for (size_t i = 0; i < text->count; i++) {
		const struct bench_text_value *value = &text->values[i];

		require(isfinite(value->value), "a value that is no number");
		require(*value->unit != '\0' && strncmp(value->name, "Benchmark", 9) == 0,
			"no name or unit");
		require(value->package != NULL && value->line < text->lines, "not of a line");
	}
	require((text->bad > 0) == (text->bad_reason != NULL), "a reason without damage");
}

static void check_diff(const struct bench_diff *diff)
{
	for (size_t i = 0; i < diff->count; i++) {
		const struct bench_diff_row *row = &diff->rows[i];

		require(row->old.count > 0 && row->new.count > 0, "a row of nothing");
		require(row->test.p >= 0 && row->test.p <= 1, "p is no probability");
		require(row->test.superiority >= 0 && row->test.superiority <= 1,
			"superiority is no probability");
	}
}

static void compare(const struct bench_text *old, const struct bench_text *new)
{
	struct bench_diff_side a = {"old", old}, b = {"new", new};
	FILE *stream = fopen("/dev/null", "w");
	struct bench_diff diff;

	require(stream != NULL, "no /dev/null");
	bench_diff_make(&diff, old, new, 0.01);
	check_diff(&diff);
	bench_diff_print(stream, &diff, &a, &b);
	fclose(stream);
	bench_diff_free(&diff);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct bench_text old = {0}, new = {0};
	const uint8_t *zero = size > 0 ? memchr(bytes, '\0', size) : NULL;
	size_t first = zero != NULL ? (size_t)(zero - bytes) : size;

	bench_text_parse(&old, (const char *)bytes, first);
	bench_text_parse(&new, (const char *)bytes, size);
	check_text(&old);
	check_text(&new);
	compare(&old, &new);
	bench_text_free(&old);
	bench_text_free(&new);
	return 0;
}
