/* SPDX-License-Identifier: MIT */
#include "tool/run/test_log.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/common/copy_text.h"
#include "tool/common/progress.h"
#include "tool/run/summary.h"
#include "tool/run/trace_summary.h"

/* Open for appending: the program writes into the same file. */
static FILE *details_new(void)
{
	int fd = memfd_create("pprofmk-details", MFD_CLOEXEC);
	FILE *stream = fd >= 0 ? fdopen(fd, "a+") : NULL;

	if (fd >= 0 && stream == NULL)
		close(fd);
	return stream;
}

int test_log_begin(struct test_log *log, bool is_short, const bool *has_kind)
{
	memset(log, 0, sizeof *log);
	log->has_kind = has_kind;
	/* Where there is none, more is said than was asked for, not less. */
	log->details = is_short ? details_new() : NULL;
	return log->details != NULL ? fileno(log->details) : 0;
}

void test_log_drop(struct test_log *log)
{
	if (log->details == NULL)
		return;
	fflush(log->details);
	/* A descriptor of ours: it can be cut. */
	if (ftruncate(fileno(log->details), 0) != 0)
		xalloc_failed();
}

static void notes_begin(struct test_log *log)
{
	log->notes = open_memstream(&log->notes_text, &log->notes_size);
	if (log->notes == NULL)
		xalloc_failed();
}

void test_log_title(struct test_log *log, const struct catalog_test *test)
{
	if (log->details == NULL) {
		summary_title(stdout, test);
		return;
	}
	progress_show("%.100s", test->name);
	memset(&log->line, 0, sizeof log->line);
	notes_begin(log);
}

/* Is there something of the kind that nobody should miss? */
static bool is_notable(struct test_log *log, const struct kind_run *run)
{
	char *said = log->said[run->kind];

	if (run->failed_run != 0 || run->lost != 0)
		return true;
	if (strcmp(said, run->message) == 0)
		return false;
	memcpy(said, run->message, sizeof run->message);
	return *said != '\0';
}

void test_log_kind(struct test_log *log, const struct kind_run *run)
{
	if (log->details == NULL) {
		fflush(stdout);
		summary_kind(stdout, run, SUMMARY_ROWS);
		return;
	}
	if (!log->line.is_told)
		putc('\n', log->details);
	test_line_add(&log->line, run);
	summary_kind(log->details, run, 0);
	fflush(log->details);
	if (is_notable(log, run))
		summary_kind(log->notes, run, 0);
}

static void print_flight(FILE *stream, const struct trace_run *traced, bool is_good, bool has_older)
{
	if (is_good && traced->path == NULL)
		trace_summary_none(stream, traced, has_older);
	else
		trace_summary(stream, traced);
	fflush(stream);
}

void test_log_flight(struct test_log *log, const struct trace_run *traced, bool is_good,
		     bool has_older)
{
	if (log->details == NULL) {
		fflush(stdout);
		print_flight(stdout, traced, is_good, has_older);
		return;
	}
	test_line_add(&log->line, &traced->run);
	print_flight(log->details, traced, is_good, has_older);
	if (traced->path != NULL)
		print_flight(log->notes, traced, is_good, has_older);
}

void test_log_skipped(struct test_log *log, const char *kind)
{
	summary_skipped(log->details != NULL ? log->details : stdout, kind);
}

static void print_details(FILE *details)
{
	fflush(details);
	fflush(stdout);
	copy_text(fileno(details), STDOUT_FILENO);
}

/* A failure stands apart, so that nobody takes what it printed for another test's. */
void test_log_end(struct test_log *log, const struct catalog_test *test, bool is_good)
{
	if (log->details == NULL)
		return;
	progress_clear();
	if (!log->has_head)
		test_line_head(stdout, log->has_kind);
	log->has_head = true;
	test_line_print(stdout, &log->line, log->has_kind, test);
	fclose(log->notes);
	if (is_good) {
		fwrite(log->notes_text, 1, log->notes_size, stdout);
	} else {
		summary_title(stdout, test);
		print_details(log->details);
	}
	if (!is_good || log->notes_size > 0)
		putchar('\n');
	fflush(stdout);
	free(log->notes_text);
	test_log_drop(log);
}

void test_log_free(struct test_log *log)
{
	if (log->details != NULL)
		fclose(log->details);
}
