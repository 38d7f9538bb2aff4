/* SPDX-License-Identifier: MIT */
/* What is printed of one test's benchmarks, which is F.bench.txt as well. */
#ifndef PPROFMK_TOOL_BENCH_REPORT_H
#define PPROFMK_TOOL_BENCH_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "tool/bench/bench_notes.h"
#include "tool/run/kind_run.h"

struct bench_report {
	FILE *text; /* what is printed into it appears on stdout with bench_report_show() */
	char *bytes;
	size_t size, shown;
	char *failure; /* the last one that was printed */
};

void bench_report_begin(struct bench_report *report);

/* Print to stdout what has come to the text since the last time. */
void bench_report_show(struct bench_report *report);

/* What has come to the text is in the file, but has been shown otherwise. */
void bench_report_skip(struct bench_report *report);

/* "--- FAIL: NAME", why, and the end of what the program printed, unless the same was said last. The text gets the first of
 * these only, and the reason as a comment. */
void bench_report_fail(struct bench_report *report, const char *name, const char *why,
		       const char *output);

void bench_report_notes(struct bench_report *report, const struct bench_notes *notes);

/* DIR/F.bench.txt of a test. The caller frees it. */
char *bench_report_path(const char *dir, const char *title);

/* Write the text by rename. False after a message. */
bool bench_report_write(struct bench_report *report, const char *path);

void bench_report_end(struct bench_report *report);

#endif
