/* SPDX-License-Identifier: MIT */
/* What a session prints of its tests: all there is to say of each, or a line, for logs that have hundreds. */
#ifndef PPROFMK_TOOL_TEST_LOG_H
#define PPROFMK_TOOL_TEST_LOG_H

#include <stdbool.h>
#include <stdio.h>

#include "tool/run/kind_run.h"
#include "tool/run/test_line.h"
#include "tool/run/trace_run.h"

/* All zero: everything goes to stdout as it comes. */
struct test_log {
	const bool *has_kind;
	/* In short: what a test prints and what is said of it, shown if it fails. NULL: in full. */
	FILE *details;
	bool has_head;
	struct test_line line;
	/* Of the test at hand: what is to be known even if it passes. */
	FILE *notes;
	char *notes_text;
	size_t notes_size;
	/* The last message of each kind: what is true of the machine is said once, not with every test. */
	char said[4][sizeof(((struct kind_run *)0)->message)];
};

/* has_kind  [enum rec_kind]: which kinds each test is run for. Kept, not copied.
 *
 * Returns struct kind_settings's shown_fd. */
int test_log_begin(struct test_log *log, bool is_short, const bool *has_kind);

/* For each test: its title, its kinds as they come, its end. */
void test_log_title(struct test_log *log, const struct catalog_test *test);
void test_log_kind(struct test_log *log, const struct kind_run *run);
/* is_good    no run has failed, and nothing went wrong
 * has_older  a trace of an earlier session is in the folder */
void test_log_flight(struct test_log *log, const struct trace_run *traced, bool is_good,
		     bool has_older);
/* A kind that was not run; see summary_skipped(). */
void test_log_skipped(struct test_log *log, const char *kind);
void test_log_end(struct test_log *log, const struct catalog_test *test, bool is_good);

/* Forget what a program has printed that nobody needs to see. */
void test_log_drop(struct test_log *log);

void test_log_free(struct test_log *log);

#endif
