/* SPDX-License-Identifier: MIT */
/* summary.md: what to look at, in Markdown as GitHub and GitLab show it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/bench/bench_diff_print.h"
#include "tool/common/human.h"
#include "tool/picture/svg_text.h"
#include "tool/report/report.h"

/* Rows of each table: a summary is for one look, and GitHub's may have 1 MiB at most. */
#define ROWS_MAX 50
/* Columns of names. */
#define COLUMNS 150

static size_t longest_run(const char *text, char letter)
{
	size_t longest = 0, run = 0;

	for (; *text; text++) {
		run = *text == letter ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

/* Text of others, as code: in there nothing is markup but its own backticks, and in tables the bar. */
static void put_code(FILE *stream, const char *text)
{
	char *clean = svg_clean(text, COLUMNS);
	size_t fence = longest_run(clean, '`') + 1;

	for (size_t i = 0; i < fence; i++)
		putc('`', stream);
	if (fence > 1 || !*clean)
		putc(' ', stream);
	for (const char *p = clean; *p; p++)
		fprintf(stream, *p == '|' ? "\\|" : "%c", *p);
	if (fence > 1)
		putc(' ', stream);
	for (size_t i = 0; i < fence; i++)
		putc('`', stream);
	free(clean);
}

static void put_more(FILE *stream, size_t count)
{
	if (count > ROWS_MAX)
		fprintf(stream, "\nand %zu more\n", count - ROWS_MAX);
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void put_head(FILE *stream, const struct report *report)
{
	struct report_counts counts = report_count(report);

	fprintf(stream, "## %s: %zu test%s, %zu passed", counts.bad ? "Failed" : "Passed",
		counts.tests, plural(counts.tests), counts.good);
	if (counts.bad)
		fprintf(stream, ", %zu failed", counts.bad);
	if (counts.skipped)
		fprintf(stream, ", %zu skipped", counts.skipped);
	if (counts.benchmarks)
		fprintf(stream, "; %zu of them benchmark%s", counts.benchmarks,
			plural(counts.benchmarks));
	putc('\n', stream);
	if (report->base) {
		fputs("\nCompared with ", stream);
		put_code(stream, report->base->dir);
		fputs(".\n", stream);
	}
}

static bool fails(const struct artifact_test *test)
{
	return !test->is_set && !outcome_is_good(test->outcome);
}

static bool leaks(const struct artifact_test *test)
{
	return test->has[ARTIFACT_LEAKED] && test->metrics[ARTIFACT_LEAKED] > 0;
}

static bool is_not_repeatable(const struct artifact_test *test)
{
	return !test->is_set && !test->is_repeatable;
}

/* The kind that could not be recorded, or missed something; NULL. */
static const struct artifact_kind *short_kind(const struct artifact_test *test)
{
	for (size_t i = 0; !test->is_set && i < test->kind_count; i++)
		if (*test->kinds[i].message || test->kinds[i].lost > 0)
			return &test->kinds[i];
	return NULL;
}

static bool is_short(const struct artifact_test *test)
{
	return short_kind(test);
}

static void put_short(FILE *stream, const struct artifact_test *test)
{
	const struct artifact_kind *kind = short_kind(test);

	put_code(stream, kind->kind);
	fputs(": ", stream);
	if (*kind->message)
		put_code(stream, kind->message);
	else
		fprintf(stream, "%.0f events could not be recorded", kind->lost);
}

static void put_ended(FILE *stream, const struct artifact_test *test)
{
	put_code(stream, test->ended);
}

static void put_leaked(FILE *stream, const struct artifact_test *test)
{
	const struct artifact_leak *first = test->leaks;
	char bytes[HUMAN_SIZE];

	fprintf(stream, "%s in %.0f block%s",
		human_value(bytes, sizeof(bytes), (int64_t)test->metrics[ARTIFACT_LEAKED], "bytes"),
		test->metrics[ARTIFACT_LEAKED_BLOCKS],
		plural((size_t)test->metrics[ARTIFACT_LEAKED_BLOCKS]));
	for (size_t i = 0; first && i < first->frame_count && i < 3; i++) {
		fputs(i ? " < " : ", ", stream);
		put_code(stream, first->frames[i].function);
	}
}

static void put_tests(FILE *stream, const struct report *report, const char *title,
		      const char *column, bool (*is_wanted)(const struct artifact_test *test),
		      void (*put_cell)(FILE *stream, const struct artifact_test *test))
{
	size_t count = 0;

	for (size_t i = 0; i < report->artifact->count; i++) {
		const struct artifact_test *test = &report->artifact->tests[i];

		if (!is_wanted(test) || ++count > ROWS_MAX)
			continue;
		if (count == 1)
			fprintf(stream, "\n### %s\n\n| test | %s |\n| --- | --- |\n", title,
				column);
		fputs("| ", stream);
		put_code(stream, test->title);
		fputs(" | ", stream);
		put_cell(stream, test);
		fputs(" |\n", stream);
	}
	put_more(stream, count);
}

/* "2kB", "1203341", "829.4 ns/op". */
static void put_value(FILE *stream, const struct report_change *change, double value)
{
	bool is_metric = strcmp(change->measure, change->unit) != 0;
	char text[HUMAN_SIZE], *figures;

	if (is_metric && value == trunc(value)) {
		fputs(human_value(text, sizeof(text), (int64_t)value, change->unit), stream);
		return;
	}
	figures = bench_diff_number(value);
	fprintf(stream, "%s%s", figures, is_metric ? " " : "");
	if (is_metric)
		fputs(change->unit, stream);
	free(figures);
}

static void put_change(FILE *stream, const struct report_change *change)
{
	fputs("| ", stream);
	put_code(stream, change->test);
	fputs(" | ", stream);
	put_code(stream, change->title);
	fputs(" | ", stream);
	put_value(stream, change, change->old);
	fputs(" | ", stream);
	put_value(stream, change, change->new);
	if (change->old != 0)
		fprintf(stream, " | %+.2f%% |\n", (change->new / change->old - 1) * 100);
	else
		fputs(" | new |\n", stream);
}

static void put_changes(FILE *stream, const struct report *report, const char *title, bool worse)
{
	const struct report_changes *changes = &report->changes;
	size_t count = 0;

	for (size_t i = 0; i < changes->count; i++) {
		if (changes->items[i].is_worse != worse || ++count > ROWS_MAX)
			continue;
		if (count == 1)
			fprintf(stream,
				"\n### %s\n\n| test | what | before | now | change |\n"
				"| --- | --- | --: | --: | --: |\n",
				title);
		put_change(stream, &changes->items[i]);
	}
	put_more(stream, count);
}

static void put_titles(FILE *stream, const char *what, const char *const *titles, size_t count)
{
	if (!count)
		return;
	fprintf(stream, "\n%s: ", what);
	for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
		fputs(i ? ", " : "", stream);
		put_code(stream, titles[i]);
	}
	fputs("\n", stream);
	put_more(stream, count);
}

/* What a comparison can't say. */
static void put_doubts(FILE *stream, const struct report_changes *changes)
{
	if (changes->machine_differs)
		fprintf(stream, "\n%zu test%s ran on another machine or kernel in the base.\n",
			changes->machine_differs, plural(changes->machine_differs));
	if (changes->threaded)
		fprintf(stream,
			"\n%zu figure%s of tests with several threads differ%s as threads make "
			"them: not compared.\n",
			changes->threaded, plural(changes->threaded),
			changes->threaded == 1 ? "s" : "");
	if (changes->unsure)
		fprintf(stream,
			"\n%zu figure%s of benchmarks can't be compared: too few runs "
			"(`Bench_count=5` at least, 20 for small changes).\n",
			changes->unsure, plural(changes->unsure));
}

static void put_compared(FILE *stream, const struct report *report)
{
	const struct report_changes *changes = &report->changes;

	if (!report->base)
		return;
	put_titles(stream, "**Failed, and did not before**", changes->broken,
		   changes->broken_count);
	put_changes(stream, report, "Worse", true);
	put_changes(stream, report, "Better", false);
	if (!changes->count)
		fputs("\nNo change in what can be compared.\n", stream);
	put_titles(stream, "No longer failing", changes->mended, changes->mended_count);
	put_titles(stream, "New", changes->added, changes->added_count);
	put_titles(stream, "No longer there", changes->gone, changes->gone_count);
	put_doubts(stream, changes);
}

static void put_problems(FILE *stream, const struct artifact *artifact)
{
	if (!artifact->problem_count)
		return;
	fputs("\n### Not in this report\n\n| file | why |\n| --- | --- |\n", stream);
	for (size_t i = 0; i < artifact->problem_count && i < ROWS_MAX; i++) {
		fputs("| ", stream);
		put_code(stream, artifact->problems[i].file);
		fputs(" | ", stream);
		put_code(stream, artifact->problems[i].text);
		fputs(" |\n", stream);
	}
	put_more(stream, artifact->problem_count + artifact->problems_more);
}

char *report_summary(const struct report *report)
{
	char *bytes = NULL;
	size_t size;
	FILE *stream = open_memstream(&bytes, &size);

	if (!stream)
		xalloc_failed();
	put_head(stream, report);
	put_tests(stream, report, "Failed", "how", fails, put_ended);
	put_compared(stream, report);
	put_tests(stream, report, "Leaks", "leaked", leaks, put_leaked);
	put_tests(stream, report, "Not repeatable", "how", is_not_repeatable, put_ended);
	put_tests(stream, report, "Not recorded, or not all", "what", is_short, put_short);
	put_problems(stream, report->artifact);
	if (report->base)
		put_problems(stream, report->base);
	if (report->artifact->left_out)
		fprintf(stream, "\n%zu test%s of earlier runs in the folder left out.\n",
			report->artifact->left_out, plural(report->artifact->left_out));
	if (fclose(stream) != 0)
		xalloc_failed();
	return bytes;
}
