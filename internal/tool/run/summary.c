/* SPDX-License-Identifier: MIT */
#include "tool/run/summary.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xalloc.h"
#include "tool/common/human.h"
#include "tool/common/names.h"
#include "tool/profile/kinds.h"
#include "tool/profile/leaks.h"
#include "tool/profile/top.h"

/* A share of CPU time without samples that is worth a word, and the CPU time from which on it means something. */
#define UNSAMPLED_SHARE	  0.1
#define UNSAMPLED_FROM_NS UINT64_C(100000000)

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

void summary_name(FILE *stream, const struct catalog_test *test)
{
	print_name(stream, test->title);
	if (test->package[0] != '\0') {
		fputs("  ", stream);
		print_name(stream, test->package);
	}
}

void summary_title(FILE *stream, const struct catalog_test *test)
{
	fputs("\n== ", stream);
	summary_name(stream, test);
	fputs("  ", stream);
	print_name(stream, strrchr(test->program, '/') + 1);
	if (test->occurrences > 1)
		fprintf(stream, "  (%u of %u of that name)", (unsigned)test->occurrence,
			(unsigned)test->occurrences);
	putc('\n', stream);
}

static void print_top(FILE *stream, const struct kind_file *file, size_t rows)
{
	const struct kind *kind = kind_find(file->kind);
	int type = kind_type_index(file->profile, kind->shown);

	if (rows > 0)
		top_print(stream, file->profile, type < 0 ? 0 : (size_t)type, rows);
}

/* Tables stand apart; lines alone do not. */
static const char *apart(size_t rows)
{
	return rows > 0 ? "\n" : "";
}

/* The rest of the first line: how it ended, where that is not plain success. */
static void print_ending(FILE *stream, const struct kind_run *run)
{
	fprintf(stream, "  %" PRIu64 " run%s", run->runs, plural(run->runs));
	if (run->outcome.kind != OUTCOME_PASSED || run->failed_run != 0)
		fprintf(stream, ", %s", run->outcome.text);
	putc('\n', stream);
	if (run->before != NULL)
		fprintf(stream, "           %s\n", run->before);
	if (run->message[0] != '\0')
		fprintf(stream, "           %s\n", run->message);
	if (run->lost != 0)
		fprintf(stream, "           lost: %" PRIu64 " events could not be recorded\n",
			run->lost);
	if (run->truncated != 0)
		fprintf(stream, "           %" PRIu64 " stack%s did not reach the root\n",
			run->truncated, plural(run->truncated));
}

/* What there is less of than the user may expect. perf_event's clock ticks in user mode only; a test whose fixtures take
 * most of the time is not repeated until there is enough. */
static void print_shortfall(FILE *stream, const struct kind_run *run)
{
	char reached[HUMAN_SIZE], goal[HUMAN_SIZE];
	double unsampled = 1 - run->rate_hz * (double)run->period_ns / 1e9;

	if (run->cpu_ns >= UNSAMPLED_FROM_NS && unsampled > UNSAMPLED_SHARE)
		fprintf(stream,
			"           %.0f%% of the CPU time has no samples: mostly it was spent in "
			"the kernel\n",
			unsampled * 100);
	if (run->cpu_ns < run->cpu_goal_ns && run->outcome.kind == OUTCOME_PASSED &&
	    run->failed_run == 0)
		fprintf(stream,
			"           %s of the %s of CPU time asked for: the fixtures take the rest "
			"of the time\n",
			human_value(reached, sizeof reached, (int64_t)run->cpu_ns, "nanoseconds"),
			human_value(goal, sizeof goal, (int64_t)run->cpu_goal_ns, "nanoseconds"));
}

static void print_cpu(FILE *stream, const struct kind_run *run, size_t rows)
{
	char time[HUMAN_SIZE];

	fprintf(stream, "%scpu        %s  %" PRIu64 " sample%s", apart(rows),
		human_value(time, sizeof time, profile_sum(run->files[0].profile, 1),
			    "nanoseconds"),
		run->samples, plural(run->samples));
	if (run->rate_hz > 0)
		fprintf(stream, "  %.0f Hz (%s)", run->rate_hz, run->clock);
	print_ending(stream, run);
	print_shortfall(stream, run);
	print_top(stream, &run->files[0], rows);
}

static void print_mem(FILE *stream, const struct kind_run *run, size_t rows)
{
	const struct profile *profile = run->files[0].profile;
	struct leaks leaks = leaks_of(profile);
	char bytes[HUMAN_SIZE], peak[HUMAN_SIZE], leaked[HUMAN_SIZE];

	fprintf(stream, "%smem        %" PRIu64 " allocation%s  %s  peak %s  %s %s", apart(rows),
		run->samples, plural(run->samples),
		human_value(bytes, sizeof bytes, profile_sum(profile, 1), "bytes"),
		human_value(peak, sizeof peak, profile_sum(profile, 5), "bytes"),
		run->was_torn_down ? "leaked" : "in use",
		human_value(leaked, sizeof leaked, leaks.bytes, "bytes"));
	print_ending(stream, run);
	print_top(stream, &run->files[0], rows);
	if (leaks.count > 0 && rows > 0) {
		fputs(run->was_torn_down
			      ? "    leaked (still allocated after the test's tear-down):\n"
			      : "    still in use when the process ended:\n",
		      stream);
		leaks_print(stream, &leaks, rows);
	}
	leaks_free(&leaks);
}

static void print_wait(FILE *stream, const struct kind_run *run, const struct kind_file *file,
		       size_t rows)
{
	char delay[HUMAN_SIZE];
	int64_t count = profile_sum(file->profile, 0);

	fprintf(stream, "%s%-9s  %s  %" PRId64 " contention%s", apart(rows), file->kind,
		human_value(delay, sizeof delay, profile_sum(file->profile, 1), "nanoseconds"),
		count, plural((uint64_t)count));
	print_ending(stream, run);
	print_top(stream, file, rows);
}

static void print_nothing(FILE *stream, const struct kind_run *run, size_t rows)
{
	fprintf(stream, "%s%-9s  not recorded:", apart(rows), run->name);
	print_ending(stream, run);
}

void summary_kind(FILE *stream, const struct kind_run *run, size_t rows)
{
	if (run->file_count == 0)
		print_nothing(stream, run, rows);
	else if (run->kind == REC_KIND_CPU)
		print_cpu(stream, run, rows);
	else if (run->kind == REC_KIND_MEM)
		print_mem(stream, run, rows);
	else
		for (size_t i = 0; i < run->file_count; i++)
			print_wait(stream, run, &run->files[i], rows);
}

void summary_skipped(FILE *stream, const char *kind)
{
	fprintf(stream, "\n%-9s  not run: the test would not end either (Kinds=%s runs it alone)\n",
		kind, kind);
}

void summary_without_lines(FILE *stream, const char *program)
{
	if (program == NULL)
		return;
	print_name(stream, strrchr(program, '/') + 1);
	fputs(" has no debug information: its functions are without file and line until it is "
	      "built with -g\n(CMake: -DCMAKE_BUILD_TYPE=RelWithDebInfo, Meson: "
	      "--buildtype=debugoptimized)\n",
	      stream);
}

/* A newline in a name would begin a line of its own, where others are read by machines. */
static bool is_typeable(const char *word)
{
	for (const char *p = word; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	return utf8_is_valid(word);
}

/* A word as it is typed in a shell, to make: make takes a dollar for its own unless there are two. */
static void print_word(FILE *stream, const char *word, bool is_for_make)
{
	putc('\'', stream);
	for (; *word != '\0'; word++) {
		if (*word == '\'')
			fputs("'\\'", stream);
		if (*word == '$' && is_for_make)
			putc('$', stream);
		putc(*word, stream);
	}
	putc('\'', stream);
}

/* A target of CMake's knows its folder of profiles; it may be made by make or not, from any folder. */
static void print_next_cmake(FILE *stream, const char *lead, const char *target, const char *build,
			     const char *title)
{
	if (!is_typeable(title) || !is_typeable(build))
		return;
	fprintf(stream, "%sFunc=", lead);
	print_word(stream, title, false);
	fputs(" cmake --build ", stream);
	print_word(stream, build, false);
	fprintf(stream, " --target pprof.%s\n", target);
}

/* `lead`: what stands before the command; `target`: make's, behind "pprof."; `command`: the tool's. */
static void print_next(FILE *stream, const char *lead, const char *target, const char *command,
		       const char *title, const char *out_dir)
{
	/* Under make the next command is make's. */
	bool is_for_make = getenv("MAKELEVEL") != NULL;
	const char *out = is_for_make ? " PPROF_OUT=" : " --out ";
	/* The build folder, from scripts/cmake.sh. */
	const char *build = getenv("PPROF_ARG_CMAKE");

	if (build != NULL) {
		print_next_cmake(stream, lead, target, build, title);
		return;
	}
	if (!is_typeable(title) || !is_typeable(out_dir))
		return;
	fprintf(stream, is_for_make ? "%smake pprof.%s Func=" : "%spprofmk %s --func ", lead,
		is_for_make ? target : command);
	print_word(stream, title, is_for_make);
	if (strcmp(out_dir, SUMMARY_OUT_DEFAULT) != 0) {
		fputs(out, stream);
		print_word(stream, out_dir, is_for_make);
	}
	putc('\n', stream);
}

void summary_next(FILE *stream, const char *before, const char *kind, const char *title,
		  const char *out_dir)
{
	char *lead = xasprintf("%snext: ", before);
	char *command = xasprintf("web --kind %s", kind);

	print_next(stream, lead, kind, command, title, out_dir);
	free(command);
	free(lead);
}

void summary_next_trace(FILE *stream, const char *title, const char *out_dir)
{
	print_next(stream, "\nnext: ", "trace.show", "trace-show", title, out_dir);
	print_next(stream, "      ", "trace.stat", "trace-stat", title, out_dir);
}
