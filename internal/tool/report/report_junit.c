/* SPDX-License-Identifier: MIT */
/* junit.xml: verdicts as what reads results of tests has them: a suite for each program, a case for each test. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/picture/svg_text.h"
#include "tool/report/report.h"

/* Nobody reads more of a name. */
#define COLUMNS 1000

static void put_attribute(FILE *stream, const char *name, const char *value)
{
	fprintf(stream, " %s=\"", name);
	svg_text(stream, value, COLUMNS);
	putc('"', stream);
}

static bool is_error(enum outcome_kind kind)
{
	return !outcome_is_good(kind) && kind != OUTCOME_FAILED;
}

static double seconds(const struct artifact_test *test)
{
	return test->has[ARTIFACT_TIME] ? test->metrics[ARTIFACT_TIME] / 1e9 : 0;
}

static void put_leaks(FILE *stream, const struct artifact_test *test)
{
	fputs("<system-out>", stream);
	for (size_t i = 0; i < test->leak_count; i++) {
		const struct artifact_leak *leak = &test->leaks[i];

		fprintf(stream, "leaked: %.0f bytes in %.0f blocks", leak->bytes, leak->blocks);
		for (size_t j = 0; j < leak->frame_count; j++) {
			fputs(j ? " called by " : " of ", stream);
			svg_text(stream, leak->frames[j].function, COLUMNS);
			putc(' ', stream);
			svg_text(stream, leak->frames[j].file, COLUMNS);
			fprintf(stream, ":%.0f", leak->frames[j].line);
		}
		putc('\n', stream);
	}
	fputs("</system-out>\n", stream);
}

static void put_case(FILE *stream, const struct artifact_test *test)
{
	const char *slash = strrchr(test->program, '/');
	char *class = xasprintf("%s%s%s", test->package, *test->package ? "." : "",
				slash ? slash + 1 : test->program);

	fputs("<testcase", stream);
	put_attribute(stream, "name", test->title);
	put_attribute(stream, "classname", class);
	fprintf(stream, " time=\"%.9f\">\n", seconds(test));
	if (test->outcome == OUTCOME_SKIPPED) {
		fputs("<skipped/>\n", stream);
	} else if (!outcome_is_good(test->outcome)) {
		const char *element = is_error(test->outcome) ? "error" : "failure";

		fprintf(stream, "<%s type=\"%s\"", element, outcome_word(test->outcome));
		put_attribute(stream, "message", test->ended);
		fputs("/>\n", stream);
	}
	if (test->leak_count)
		put_leaks(stream, test);
	fputs("</testcase>\n", stream);
	free(class);
}

/* Tests of one program, one after the other. */
struct suite_part {
	const struct artifact_test **tests;
	size_t count;
};

static void put_counts(FILE *stream, const struct suite_part *part)
{
	size_t failures = 0, errors = 0, skipped = 0;
	double time = 0;

	for (size_t i = 0; i < part->count; i++) {
		const struct artifact_test *test = part->tests[i];

		failures += test->outcome == OUTCOME_FAILED;
		errors += is_error(test->outcome);
		skipped += test->outcome == OUTCOME_SKIPPED;
		time += seconds(test);
	}
	fprintf(stream,
		" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" time=\"%.9f\"",
		part->count, failures, errors, skipped, time);
}

static void put_suite(FILE *stream, const struct suite_part *part)
{
	const struct artifact_test *first = part->tests[0];
	const char *name = *first->program ? first->program : first->title;

	fputs("<testsuite", stream);
	put_attribute(stream, "name", *first->suite_test ? first->suite_test : name);
	put_counts(stream, part);
	if (*first->date) {
		/* Without the zone: the schema's type has none. */
		char *date = xstrdup(first->date);

		date[strcspn(date, "Z")] = '\0';
		put_attribute(stream, "timestamp", date);
		free(date);
	}
	fputs(">\n", stream);
	for (size_t i = 0; i < part->count; i++)
		put_case(stream, part->tests[i]);
	fputs("</testsuite>\n", stream);
}

static bool is_same_suite(const struct artifact_test *a, const struct artifact_test *b)
{
	return strcmp(a->program, b->program) == 0 && strcmp(a->suite_test, b->suite_test) == 0;
}

static int compare(const void *a, const void *b)
{
	const struct artifact_test *x = *(const struct artifact_test *const *)a;
	const struct artifact_test *y = *(const struct artifact_test *const *)b;
	int order = strcmp(x->program, y->program);

	if (!order)
		order = strcmp(x->suite_test, y->suite_test);
	return order ? order : strcmp(x->title, y->title);
}

char *report_junit(const struct report *report)
{
	const struct artifact *artifact = report->artifact;
	struct suite_part all = {xcalloc(artifact->count + 1, sizeof(*all.tests)), 0};
	char *bytes = NULL;
	size_t size;
	FILE *stream = open_memstream(&bytes, &size);

	if (!stream)
		xalloc_failed();
	for (size_t i = 0; i < artifact->count; i++)
		if (!artifact->tests[i].is_set)
			all.tests[all.count++] = &artifact->tests[i];
	qsort(all.tests, all.count, sizeof(*all.tests), compare);
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"pprof.mk\"", stream);
	put_counts(stream, &all);
	fputs(">\n", stream);
	for (size_t i = 0, next; i < all.count; i = next) {
		for (next = i + 1;
		     next < all.count && is_same_suite(all.tests[i], all.tests[next]);)
			next++;
		put_suite(stream, &(struct suite_part){all.tests + i, next - i});
	}
	fputs("</testsuites>\n", stream);
	if (fclose(stream) != 0)
		xalloc_failed();
	free(all.tests);
	return bytes;
}
