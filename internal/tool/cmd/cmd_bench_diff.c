/* SPDX-License-Identifier: MIT */
/* Compare benchmarks: texts that were kept, or two builds measured by turns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/bench/bench_diff_print.h"
#include "tool/bench/bench_diff_texts.h"
#include "tool/cmd/cmd.h"
#include "tool/common/memory.h"
#include "tool/launch/launch.h"
#include "tool/options.h"
#include "tool/run/bench_diff_run.h"
#include "tool/run/bench_session.h"
#include "tool/run/tests_chosen.h"
#include "tool/suite/suite.h"
#include "tool/tool.h"

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

static bool run_test(const struct bench_diff_run *run, const struct catalog *base,
		     const struct catalog_test *test)
{
	const struct catalog_test *old = base_programs_find(base, test);

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
	struct bench_diff_run run = {.how.settings = tests_settings(options), .alpha = alpha};

	run.how.settings.memory_bytes = memory_available() / 2;
	bench_goal_read(&run.how.goal, options_text(options, "benchtime"));
	options_value(options, "bench-count", &run.how.runs);
	run.cpus = bench_cpus_read(options_text(options, "cpu"), &run.cpus_count);
	if (options_has_text(options, "base-dir"))
		run.how.base.dir = options_text(options, "base-dir");
	return run;
}

static int compare_builds(const struct options *options, double alpha)
{
	struct bench_diff_run run = run_of(options, alpha);
	struct catalog tests, base;
	int status = tests_choose(&tests, options, bench_is_one, BENCH_NONE_NAMED);

	if (status == TOOL_OK && !base_programs_begin(&run.how.base))
		status = TOOL_USAGE;
	if (status == TOOL_OK) {
		tests_ignore_closed_output();
		base_programs_read(&run.how.base, &base, options);
		status = run_all(&run, &base, &tests);
		catalog_free(&base);
		base_programs_end(&run.how.base);
	}
	catalog_free(&tests);
	free(run.cpus);
	return status;
}

/* What is compared with what. */
int cmd_bench_diff(const struct options *options)
{
	bool has_text = options_has_text(options, "base"),
	     has_new = base_programs_given(options, false);
	bool has_old = base_programs_given(options, true);
	double alpha = options_chance(options, "alpha");

	if (has_text && !has_new && !has_old)
		return compare_texts(options, alpha);
	if (!has_text && has_new && has_old)
		return compare_builds(options, alpha);
	return options_wrong(options->command,
			     "give either --base, text that was kept, or --bin and --base-bin "
			     "(--ctest and --base-ctest, ...)");
}
