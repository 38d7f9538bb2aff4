/* SPDX-License-Identifier: MIT */
#include "tool/summary.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tool/human.h"
#include "tool/kinds.h"
#include "tool/leaks.h"
#include "tool/names.h"
#include "tool/top.h"

/* A share of CPU time in the kernel that is worth a word. */
#define KERNEL_SHARE_WORTH_SAYING 0.05

static void print_name(FILE *stream, const char *name)
{
	char *printable = names_printable(name);

	fputs(printable, stream);
	free(printable);
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

void summary_title(FILE *stream, const struct catalog_test *test)
{
	fputs("\n== ", stream);
	print_name(stream, test->title);
	if (test->package[0] != '\0') {
		fputs("  ", stream);
		print_name(stream, test->package);
	}
	fputs("  ", stream);
	print_name(stream, strrchr(test->program, '/') + 1);
	if (test->occurrences > 1)
		fprintf(stream, "  (%u of %u of that name)", (unsigned)test->occurrence,
			(unsigned)test->occurrences);
	putc('\n', stream);
}

static int64_t total(const struct profile *profile, size_t type)
{
	int64_t sum = 0;

	for (size_t i = 0; i < profile->sample_count; i++)
		sum += profile->samples[i].values[type];
	return sum;
}

static void print_top(FILE *stream, const struct kind_file *file)
{
	const struct kind *kind = kind_find(file->kind);
	int type = kind_type_index(file->profile, kind->shown);

	top_print(stream, file->profile, type < 0 ? 0 : (size_t)type, SUMMARY_ROWS);
}

/* The rest of the first line: how it ended, where that is not plain success. */
static void print_ending(FILE *stream, const struct kind_run *run)
{
	fprintf(stream, "  %" PRIu64 " run%s", run->runs, plural(run->runs));
	if (run->outcome.kind != OUTCOME_PASSED || run->failed_run != 0)
		fprintf(stream, ", %s", run->outcome.text);
	putc('\n', stream);
	if (run->message[0] != '\0')
		fprintf(stream, "           %s\n", run->message);
	if (run->lost != 0)
		fprintf(stream, "           lost: %" PRIu64 " events could not be recorded\n",
			run->lost);
	if (run->truncated != 0)
		fprintf(stream, "           %" PRIu64 " stack%s did not reach the root\n",
			run->truncated, plural(run->truncated));
}

static void print_cpu(FILE *stream, const struct kind_run *run)
{
	char time[HUMAN_SIZE];
	double kernel = 0;

	fprintf(stream, "\ncpu        %s  %" PRIu64 " sample%s",
		human_value(time, sizeof time, total(run->files[0].profile, 1), "nanoseconds"),
		run->samples, plural(run->samples));
	if (run->rate_hz > 0)
		fprintf(stream, "  %.0f Hz (%s)", run->rate_hz, run->clock);
	print_ending(stream, run);
	if (run->user_ns + run->system_ns > 0)
		kernel = (double)run->system_ns / (double)(run->user_ns + run->system_ns);
	if (kernel > KERNEL_SHARE_WORTH_SAYING)
		fprintf(stream, "           %.0f%% of the CPU time was in the kernel%s\n",
			kernel * 100,
			strncmp(run->clock, "perf", 4) == 0 ? ", where no samples are taken" : "");
	print_top(stream, &run->files[0]);
}

static void print_mem(FILE *stream, const struct kind_run *run)
{
	const struct profile *profile = run->files[0].profile;
	struct leaks leaks = leaks_of(profile);
	char bytes[HUMAN_SIZE], peak[HUMAN_SIZE], leaked[HUMAN_SIZE];
	/* A test that ended the process has had no chance to free anything. */
	bool was_torn_down = run->outcome.kind <= OUTCOME_FAILED;

	fprintf(stream, "\nmem        %" PRIu64 " allocation%s  %s  peak %s  %s %s", run->samples,
		plural(run->samples), human_value(bytes, sizeof bytes, total(profile, 1), "bytes"),
		human_value(peak, sizeof peak, total(profile, 5), "bytes"),
		was_torn_down ? "leaked" : "in use",
		human_value(leaked, sizeof leaked, leaks.bytes, "bytes"));
	print_ending(stream, run);
	print_top(stream, &run->files[0]);
	if (leaks.count > 0) {
		fputs(was_torn_down ? "    leaked (still allocated after the test's tear-down):\n"
				    : "    still in use when the process ended:\n",
		      stream);
		leaks_print(stream, &leaks, SUMMARY_ROWS);
	}
	leaks_free(&leaks);
}

static void print_wait(FILE *stream, const struct kind_run *run, const struct kind_file *file)
{
	char delay[HUMAN_SIZE];
	int64_t count = total(file->profile, 0);

	fprintf(stream, "\n%-9s  %s  %" PRId64 " contention%s", file->kind,
		human_value(delay, sizeof delay, total(file->profile, 1), "nanoseconds"), count,
		plural((uint64_t)count));
	print_ending(stream, run);
	print_top(stream, file);
}

static void print_nothing(FILE *stream, const struct kind_run *run)
{
	fprintf(stream, "\n%-9s  not recorded:", run->name);
	print_ending(stream, run);
}

void summary_kind(FILE *stream, const struct kind_run *run)
{
	if (run->file_count == 0)
		print_nothing(stream, run);
	else if (run->kind == REC_KIND_CPU)
		print_cpu(stream, run);
	else if (run->kind == REC_KIND_MEM)
		print_mem(stream, run);
	else
		for (size_t i = 0; i < run->file_count; i++)
			print_wait(stream, run, &run->files[i]);
}

void summary_next(FILE *stream, const char *kind, const char *title)
{
	/* Under make the next command is make's. */
	if (getenv("MAKELEVEL") != NULL)
		fprintf(stream, "\nnext: make pprof.%s Func='%s'\n", kind, title);
	else
		fprintf(stream, "\nnext: pprofmk web --kind %s --func '%s'\n", kind, title);
}
