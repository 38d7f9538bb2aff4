/* SPDX-License-Identifier: MIT */
#include "tool/run/test_line.h"

#include <string.h>

#include "tool/common/human.h"
#include "tool/profile/leaks.h"
#include "tool/run/summary.h"

/* Of "skipped" and "crashed". */
#define VERDICT_WIDTH 7
/* Of "1023.99kB", and one before it. */
#define FIGURE_WIDTH 10

static const struct {
	const char *title, *unit;
	enum rec_kind kind;
} figures[] = {
#define X(name, title, unit, kind) {title, unit, REC_KIND_##kind},
	TEST_LINE_FIGURES(X)
#undef X
};

static void set(struct test_line *line, enum test_line_figure figure, uint64_t value, uint64_t runs)
{
	line->has[figure] = true;
	line->figures[figure] = (int64_t)((value + runs / 2) / runs);
}

static void set_profile(struct test_line *line, const struct kind_run *run)
{
	const struct profile *profile = run->files[0].profile;
	struct leaks leaks;

	if (run->kind == REC_KIND_BLOCK) {
		set(line, TEST_LINE_WAITING, (uint64_t)profile_sum(profile, 1), run->runs);
	} else if (run->kind == REC_KIND_MEM) {
		leaks = leaks_of(profile);
		set(line, TEST_LINE_ALLOCS, (uint64_t)profile_sum(profile, 0), run->runs);
		set(line, TEST_LINE_BYTES, (uint64_t)profile_sum(profile, 1), run->runs);
		/* No sum. */
		set(line, TEST_LINE_PEAK, (uint64_t)profile_sum(profile, 5), 1);
		set(line, TEST_LINE_LEAKED, (uint64_t)leaks.bytes, run->runs);
		leaks_free(&leaks);
	}
}

static void set_figures(struct test_line *line, const struct kind_run *run)
{
	if (run->outcome.kind != OUTCOME_PASSED || run->runs == 0)
		return;
	if (run->kind == REC_KIND_CPU) {
		set(line, TEST_LINE_TIME, run->wall_ns, run->runs);
		set(line, TEST_LINE_CPU, run->cpu_ns, run->runs);
	}
	if (run->lost == 0 && run->file_count > 0)
		set_profile(line, run);
}

void test_line_add(struct test_line *line, const struct kind_run *run)
{
	if (!line->is_told ||
	    (outcome_is_good(line->outcome) && !outcome_is_good(run->outcome.kind)))
		line->outcome = run->outcome.kind;
	line->is_told = true;
	set_figures(line, run);
}

void test_line_head(FILE *stream, const bool *has_kind)
{
	fprintf(stream, "\n%-*s", VERDICT_WIDTH, "");
	for (size_t i = 0; i < TEST_LINE_FIGURE_COUNT; i++)
		if (has_kind[figures[i].kind])
			fprintf(stream, "%*s", FIGURE_WIDTH, figures[i].title);
	fputs("  test\n", stream);
}

/* What is wider than its column takes of the next ones, so that those behind stand in theirs. `ahead`: columns that the line
 * is ahead of where it should be. */
static void print_figure(FILE *stream, const char *text, size_t *ahead)
{
	size_t width = strlen(text) + 1;

	if (width + *ahead < FIGURE_WIDTH)
		width = FIGURE_WIDTH - *ahead;
	fprintf(stream, "%*s", (int)width, text);
	*ahead = width + *ahead - FIGURE_WIDTH;
}

void test_line_print(FILE *stream, const struct test_line *line, const bool *has_kind,
		     const struct catalog_test *test)
{
	const char *verdict = outcome_word(line->is_told ? line->outcome : OUTCOME_NOT_RUN);
	size_t ahead = strlen(verdict) > VERDICT_WIDTH ? strlen(verdict) - VERDICT_WIDTH : 0;
	char text[HUMAN_SIZE];

	fprintf(stream, "%-*s", VERDICT_WIDTH, verdict);
	for (size_t i = 0; i < TEST_LINE_FIGURE_COUNT; i++) {
		if (!has_kind[figures[i].kind])
			continue;
		if (line->has[i])
			human_value(text, sizeof text, line->figures[i], figures[i].unit);
		print_figure(stream, line->has[i] ? text : "-", &ahead);
	}
	fputs("  ", stream);
	summary_name(stream, test);
	putc('\n', stream);
}
