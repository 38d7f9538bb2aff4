/* SPDX-License-Identifier: MIT */
/* pprofmk gate: end with 1 when something got worse. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "format/write_file.h"
#include "tool/cmd/cmd.h"
#include "tool/common/memory.h"
#include "tool/common/step_summary.h"
#include "tool/gate/gate_print.h"
#include "tool/gate/gate_run.h"
#include "tool/launch/launch.h"
#include "tool/run/bench_session.h"
#include "tool/run/tests_chosen.h"
#include "tool/tool.h"

#define BUDGET_FILE "pprof.budget"

static bool read_budget(struct gate *gate, const struct options *options)
{
	if (options_has_text(options, "budget"))
		return budget_read(&gate->budget, options_text(options, "budget"));
	return access(BUDGET_FILE, F_OK) != 0 || budget_read(&gate->budget, BUDGET_FILE);
}

static enum gate_timed timed_of(const struct options *options)
{
	const char *timed = options_text(options, "timed");

	if (strcmp(timed, "none") == 0)
		return GATE_TIMED_NONE;
	return strcmp(timed, "all") == 0 ? GATE_TIMED_ALL : GATE_TIMED_BENCHMARKS;
}

static struct gate_run run_of(struct gate *gate, const struct options *options)
{
	struct gate_run run = {.gate = gate,
			       .how = {.settings = tests_settings(options),
				       .counters = 1u << REC_COUNTER_INSTRUCTIONS,
				       .is_quiet = true},
			       .timed = timed_of(options)};

	run.how.settings.memory_bytes = memory_available() / 2;
	bench_goal_read(&run.how.goal, options_text(options, "benchtime"));
	options_value(options, "bench-count", &run.how.runs);
	if (options_has_text(options, "base-dir"))
		run.how.base.dir = options_text(options, "base-dir");
	return run;
}

static void note_gone(struct gate *gate, const struct catalog *base, const struct catalog *tests)
{
	for (size_t i = 0; i < base->count; i++)
		if (base_programs_find(tests, &base->tests[i]) == NULL)
			gate_note(gate, "%s: only the base has it", base->tests[i].title);
}

/* Both builds are there. */
static void compare_builds(struct gate_run *run, const struct catalog *tests,
			   const struct options *options)
{
	struct catalog base;

	base_programs_read(&run->how.base, &base, options);
	for (size_t i = 0; i < tests->count && !launch_interrupted(); i++) {
		const struct catalog_test *old = base_programs_find(&base, &tests->tests[i]);

		if (old != NULL) {
			gate_run_test(run, old, &tests->tests[i]);
			continue;
		}
		gate_note(run->gate, "%s: the base does not have it", tests->tests[i].title);
		gate_run_alone(run, NULL, &tests->tests[i]);
	}
	if (!options_has_text(options, "func"))
		note_gone(run->gate, &base, tests);
	run->is_bad |= base.refused_count > 0;
	catalog_free(&base);
}

/* What an earlier run has left is there. */
static void compare_with_folder(struct gate_run *run, const struct catalog *tests,
				const struct artifact *base)
{
	size_t benchmarks = 0;

	for (size_t i = 0; i < tests->count && !launch_interrupted(); i++) {
		const struct catalog_test *test = &tests->tests[i];
		const struct artifact_test *old =
			base != NULL ? artifact_find(base, test->title) : NULL;

		if (old != NULL && old->is_bench) {
			benchmarks++;
			continue;
		}
		if (old == NULL && base != NULL)
			gate_note(run->gate, "%s: the base does not have it", test->title);
		gate_run_alone(run, old, test);
	}
	if (benchmarks > 0)
		gate_note(run->gate,
			  "%zu benchmark%s not compared: that takes both builds (Base=REVISION)",
			  benchmarks, benchmarks == 1 ? " was" : "s were");
	if (base != NULL)
		gate_note(run->gate, "times were not compared: that takes both builds, measured by "
				     "turns (Base=REVISION)");
}

static int run_programs(struct gate *gate, const struct artifact *base,
			const struct options *options)
{
	struct gate_run run = run_of(gate, options);
	struct catalog tests;
	int status = tests_choose(&tests, options, NULL, NULL);

	if (status == TOOL_OK && !base_programs_begin(&run.how.base))
		status = TOOL_USAGE;
	if (status == TOOL_OK && !gate_run_begin(&run))
		status = TOOL_FAILED;
	if (status == TOOL_OK) {
		tests_ignore_closed_output();
		if (base_programs_given(options, true))
			compare_builds(&run, &tests, options);
		else
			compare_with_folder(&run, &tests, base);
		gate_run_end(&run);
		base_programs_end(&run.how.base);
		if (run.is_bad || tests.refused_count > 0)
			status = TOOL_FAILED;
	}
	catalog_free(&tests);
	return status;
}

static int run_folders(struct gate *gate, const struct artifact *base,
		       const struct options *options)
{
	struct artifact *now = artifact_read(options_text(options, "out"), NULL);

	if (now == NULL)
		return TOOL_FAILED;
	gate_run_folders(gate, base, now, options_text(options, "func"));
	gate_note(gate,
		  "nothing was run: counts that vary can't be told from such that have grown");
	artifact_free(now);
	if (gate->test_count > 0)
		return TOOL_OK;
	tool_error("%s has no test to compare: `make pprof.ci` or pprof.test makes some",
		   options_text(options, "out"));
	return TOOL_FAILED;
}

/* The caller frees it. */
static char *markdown_text(const struct gate *gate, const char *base)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (stream == NULL)
		xalloc_failed();
	gate_print_markdown(stream, gate, base);
	if (fclose(stream) != 0)
		xalloc_failed();
	return text;
}

/* For people and machines: --out/gate.md, and the summary of a job of GitHub's. */
static bool write_summaries(const struct gate *gate, const char *base,
			    const struct options *options)
{
	char *path = xasprintf("%s/gate.md", options_text(options, "out"));
	char *text = markdown_text(gate, base);
	int error = fmt_write_file(path, text, strlen(text));
	bool is_good = error == 0;

	if (!is_good)
		tool_error("%s: %s", path, strerror(-error));
	is_good &= step_summary_add(text);
	free(text);
	free(path);
	return is_good;
}

/* The exit status. */
static int finish(struct gate *gate, int status, const struct options *options)
{
	const char *base = options_has_text(options, "base-name")
				   ? options_text(options, "base-name")
			   : options_has_text(options, "base") ? options_text(options, "base")
							       : options_text(options, "base-dir");

	gate_judge_all(gate);
	if (strcmp(options_text(options, "format"), "markdown") == 0)
		gate_print_markdown(stdout, gate, base);
	else
		gate_print(stdout, gate, base);
	fflush(stdout);
	if (!write_summaries(gate, base, options))
		status = TOOL_FAILED;
	if (launch_interrupted())
		tool_error("interrupted; not all tests were looked at");
	return gate_worse(gate) > 0 || launch_interrupted() ? TOOL_FAILED : status;
}

static int compare(struct gate *gate, const struct options *options)
{
	bool has_base = options_has_text(options, "base");
	struct artifact *base = NULL;
	int status;

	if (!has_base && !base_programs_given(options, true) && gate->budget.count == 0)
		return options_wrong(options->command,
				     "say what to compare with: --base, a folder that an earlier "
				     "run has left, or --base-bin, the old programs; or have a "
				     "budget in " BUDGET_FILE);
	if (has_base && base_programs_given(options, true))
		return options_wrong(options->command, "give either --base or --base-bin");
	if (!has_base && !base_programs_given(options, false))
		return options_wrong(options->command, "give the programs to measure");
	if (has_base) {
		base = artifact_read(options_text(options, "base"), NULL);
		if (base == NULL)
			return TOOL_FAILED;
	}
	status = base_programs_given(options, false) ? run_programs(gate, base, options)
						     : run_folders(gate, base, options);
	artifact_free(base);
	return status == TOOL_USAGE || gate->test_count == 0 ? status
							     : finish(gate, status, options);
}

int cmd_gate(const struct options *options)
{
	struct gate gate = {0};
	uint64_t percent = 0;
	int status;

	gate.alpha = options_chance(options, "alpha");
	options_value(options, "effect", &percent);
	gate.share = (double)percent / 100;
	status = read_budget(&gate, options) ? compare(&gate, options) : TOOL_USAGE;
	gate_free(&gate);
	return status;
}
