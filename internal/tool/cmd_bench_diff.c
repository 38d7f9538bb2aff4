/* SPDX-License-Identifier: MIT */
/* Compare benchmarks: texts that were kept, or two builds measured by turns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/bench_diff_print.h"
#include "tool/bench_diff_run.h"
#include "tool/bench_diff_texts.h"
#include "tool/bench_session.h"
#include "tool/launch.h"
#include "tool/memory.h"
#include "tool/options.h"
#include "tool/suite.h"
#include "tool/tests_chosen.h"
#include "tool/tool.h"

static bool is_given(const struct options *options, const char *name)
{
	const char *text = options_text(options, name);

	return text != NULL && *text != '\0';
}

static int compare_texts(const struct options *options, double alpha)
{
	const char *func = options_text(options, "func");
	struct bench_text old = {0}, new = {0};
	struct bench_diff_side a = {0}, b = {0};
	char *old_path = bench_diff_texts(&old, options_text(options, "base"), func);
	char *new_path = NULL;
	struct bench_diff diff = {0};

	if (old_path != NULL)
		new_path = bench_diff_texts(&new, options_text(options, "out"), func);
	if (new_path != NULL) {
		a = (struct bench_diff_side){old_path, &old};
		b = (struct bench_diff_side){new_path, &new};
		bench_diff_make(&diff, &old, &new, alpha);
		bench_diff_print(stdout, &diff, &a, &b);
		if (diff.count == 0)
			tool_error("%s and %s have no benchmark in common", old_path, new_path);
	}
	bool is_good = diff.count > 0;

	bench_diff_free(&diff);
	bench_text_free(&old);
	bench_text_free(&new);
	free(old_path);
	free(new_path);
	return is_good ? TOOL_OK : TOOL_FAILED;
}

/* Options that name programs, each with one of the same name behind "base-". */
static const char *const program_options[] = {
#define X(name, reader) name,
	SUITE_KINDS(X)
#undef X
		"bin"};

enum { PROGRAM_OPTIONS = sizeof program_options / sizeof *program_options };

static const char *base_name(size_t i, char out[static 32])
{
	snprintf(out, 32, "base-%s", program_options[i]);
	return out;
}

/* Whether any of them is given, for the new side or for the base. */
static bool has_programs(const struct options *options, bool is_base)
{
	char name[32];

	for (size_t i = 0; i < PROGRAM_OPTIONS; i++)
		if (is_given(options, is_base ? base_name(i, name) : program_options[i]))
			return true;
	return false;
}

static const struct option *option_of(const struct options *options, const char *name)
{
	const struct option *option = options->command->options;

	while (strcmp(option->name, name) != 0)
		option++;
	return option;
}

/* An item as the base has it: one behind "base-" without that, the new side's programs not at all. */
static bool take_base_item(const struct options *options, struct options_item *item)
{
	char name[32];

	for (size_t i = 0; i < PROGRAM_OPTIONS; i++) {
		if (strcmp(item->option->name, program_options[i]) == 0)
			return false;
		if (strcmp(item->option->name, base_name(i, name)) == 0)
			item->option = option_of(options, program_options[i]);
	}
	return true;
}

/* The options as if --base-bin were --bin, and so on. The items are to be freed. */
static struct options base_options(const struct options *options)
{
	struct options base = *options;

	base.items = xcalloc(options->item_count + 1, sizeof *base.items);
	base.item_count = 0;
	for (size_t i = 0; i < options->item_count; i++) {
		struct options_item item = options->items[i];

		if (take_base_item(options, &item))
			base.items[base.item_count++] = item;
	}
	return base;
}

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* The base's test of that name: of the same package, test of the suite and program where there are several. NULL: none. */
static const struct catalog_test *find(const struct catalog *base, const struct catalog_test *test)
{
	const struct catalog_test *best = NULL;
	int best_points = -1;

	for (size_t i = 0; i < base->count; i++) {
		const struct catalog_test *one = &base->tests[i];
		int points = 4 * (strcmp(one->package, test->package) == 0) +
			     2 * (strcmp(one->as->name, test->as->name) == 0) +
			     (strcmp(file_name(one->program), file_name(test->program)) == 0);

		if (strcmp(one->name, test->name) != 0 || one->occurrence != test->occurrence ||
		    points <= best_points)
			continue;
		best = one;
		best_points = points;
	}
	return best;
}

static bool run_test(const struct bench_diff_run *run, const struct catalog *base,
		     const struct catalog_test *test)
{
	const struct catalog_test *old = find(base, test);

	if (old != NULL)
		return bench_diff_run_test(run, old, test);
	tool_error("%s: the base has no test of that name: there is nothing to compare with",
		   test->title);
	return false;
}

static int run_all(const struct bench_diff_run *run, const struct catalog *base,
		   const struct catalog *tests)
{
	bool is_good = base->refused_count == 0 && tests->refused_count == 0;

	for (size_t i = 0; i < tests->count && !launch_interrupted(); i++) {
		if (i > 0)
			putchar('\n');
		is_good &= run_test(run, base, &tests->tests[i]);
		fflush(stdout);
	}
	/* Why some may be missing. */
	if (!is_good)
		catalog_report(base);
	if (launch_interrupted())
		tool_error("interrupted; what was measured until then is kept");
	return is_good && !launch_interrupted() ? TOOL_OK : TOOL_FAILED;
}

static struct bench_diff_run run_of(const struct options *options, double alpha)
{
	struct bench_diff_run run = {.settings = tests_settings(options), .alpha = alpha};

	run.settings.memory_bytes = memory_available() / 2;
	bench_goal_read(&run.goal, options_text(options, "benchtime"));
	options_value(options, "bench-count", &run.runs);
	run.cpus = bench_cpus_read(options_text(options, "cpu"), &run.cpus_count);
	if (is_given(options, "base-dir"))
		run.base_dir = options_text(options, "base-dir");
	return run;
}

static int compare_builds(const struct options *options, double alpha)
{
	struct bench_diff_run run = run_of(options, alpha);
	struct options old_options = base_options(options);
	struct catalog tests, base;
	int status = tests_choose(&tests, options, bench_is_named, BENCH_NONE_NAMED);

	if (status == TOOL_OK && !bench_diff_run_begin(&run))
		status = TOOL_USAGE;
	if (status == TOOL_OK) {
		tests_ignore_closed_output();
		bench_diff_run_enter(&run);
		catalog_read(&base, &old_options, CATALOG_ASKS);
		catalog_select(&base, NULL);
		bench_diff_run_leave(&run);
		status = run_all(&run, &base, &tests);
		catalog_free(&base);
		bench_diff_run_end(&run);
	}
	catalog_free(&tests);
	free(old_options.items);
	free(run.cpus);
	return status;
}

/* What is compared with what. */
static int compare(const struct options *options)
{
	bool has_text = is_given(options, "base"), has_new = has_programs(options, false);
	bool has_old = has_programs(options, true);
	double alpha = options_chance(options, "alpha");

	if (has_text && !has_new && !has_old)
		return compare_texts(options, alpha);
	if (!has_text && has_new && has_old)
		return compare_builds(options, alpha);
	return options_wrong(options->command,
			     "give either --base, text that was kept, or --bin and --base-bin "
			     "(--ctest and --base-ctest, ...)");
}

int cmd_bench_diff(int argc, char **argv)
{
	struct options options;
	int status;

	if (!options_parse(&options, argc, argv, &status))
		return status;
	status = compare(&options);
	options_free(&options);
	return status;
}
