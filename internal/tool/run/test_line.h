/* SPDX-License-Identifier: MIT */
/* A test in one line: its verdict and the figures that index.html has of it, under titles. */
#ifndef PPROFMK_TOOL_TEST_LINE_H
#define PPROFMK_TOOL_TEST_LINE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tool/run/kind_run.h"

/* enumerator, title, unit as in human.h, kind that it is taken from. Of one run of the test's body, as in the report. */
#define TEST_LINE_FIGURES(X)                \
	X(TIME, "time", "nanoseconds", CPU) \
	X(CPU, "CPU", "nanoseconds", CPU)   \
	X(ALLOCS, "allocs", "count", MEM)   \
	X(BYTES, "allocated", "bytes", MEM) \
	X(PEAK, "peak", "bytes", MEM)       \
	X(LEAKED, "leaked", "bytes", MEM)   \
	X(WAITING, "waiting", "nanoseconds", BLOCK)

enum test_line_figure {
#define X(name, title, unit, kind) TEST_LINE_##name,
	TEST_LINE_FIGURES(X)
#undef X
		TEST_LINE_FIGURE_COUNT
};

/* All zero: nothing is known of it yet. */
struct test_line {
	bool is_told;		   /* the test was run for some kind */
	enum outcome_kind outcome; /* of the first kind that was not good, else of the first one */
	bool has[TEST_LINE_FIGURE_COUNT];
	int64_t figures[TEST_LINE_FIGURE_COUNT];
};

/* What a run for one kind tells. Of one that did not come to its end, or missed events, the verdict only: its figures are of something
 * else. */
void test_line_add(struct test_line *line, const struct kind_run *run);

/* Titles, and a test's line below them. `has_kind`, [enum rec_kind]: which figures there may be; what is not known is "-". */
void test_line_head(FILE *stream, const bool *has_kind);
void test_line_print(FILE *stream, const struct test_line *line, const bool *has_kind,
		     const struct catalog_test *test);

#endif
