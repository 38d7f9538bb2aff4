/* SPDX-License-Identifier: MIT */
#include "tool/run/bench_report.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xalloc.h"
#include "format/write_file.h"
#include "tool/common/names.h"
#include "tool/common/progress.h"
#include "tool/tool.h"

void bench_report_begin(struct bench_report *report)
{
	*report = (struct bench_report){0};
	report->text = open_memstream(&report->bytes, &report->size);
	if (report->text == NULL)
		xalloc_failed();
}

void bench_report_show(struct bench_report *report)
{
	fflush(report->text);
	progress_clear();
	fwrite(report->bytes + report->shown, 1, report->size - report->shown, stdout);
	fflush(stdout);
	report->shown = report->size;
}

void bench_report_skip(struct bench_report *report)
{
	fflush(report->text);
	report->shown = report->size;
}

/* Indented, as Go does with what a benchmark logs: no line of it can be taken for a result. Nor is it anything but UTF-8: readers of
 * the format refuse all of a text that is not. */
static void print_output(const char *raw)
{
	char *repaired = xmalloc(3 * strlen(raw) + 1);
	const char *output = repaired;

	utf8_repair(raw, repaired);
	while (*output != '\0') {
		size_t length = strcspn(output, "\n");

		printf("    %.*s\n", (int)length, output);
		output += length + (output[length] == '\n');
	}
	free(repaired);
}

void bench_report_fail(struct bench_report *report, const char *name, const char *why,
		       const char *output)
{
	char *failure = xasprintf("%s %s", name, why);

	if (report->failure != NULL && strcmp(report->failure, failure) == 0) {
		free(failure);
		return;
	}
	free(report->failure);
	report->failure = failure;
	fprintf(report->text, "--- FAIL: %s\n# %s\n", name, failure);
	bench_report_skip(report);
	progress_clear();
	printf("--- FAIL: %s\n    %s\n", name, why);
	if (output != NULL)
		print_output(output);
	fflush(stdout);
}

void bench_report_notes(struct bench_report *report, const struct bench_notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		fprintf(report->text, "# %s\n", notes->lines[i]);
	bench_report_show(report);
}

char *bench_report_path(const char *dir, const char *title)
{
	char *stem = names_stem(title);
	char *path = xasprintf("%s/%s.bench.txt", dir, stem);

	free(stem);
	return path;
}

bool bench_report_write(struct bench_report *report, const char *path)
{
	int error;

	fflush(report->text);
	error = fmt_write_file(path, report->bytes, report->size);
	if (error != 0)
		tool_error("%s: %s; nothing was written there", path, strerror(-error));
	return error == 0;
}

void bench_report_end(struct bench_report *report)
{
	fclose(report->text);
	free(report->bytes);
	free(report->failure);
}
