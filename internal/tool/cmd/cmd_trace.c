/* SPDX-License-Identifier: MIT */
/* pprofmk trace: tests run once, and what every thread did then. */
#include <stdlib.h>

#include "tool/cmd/cmd.h"
#include "tool/launch/launch.h"
#include "tool/options.h"
#include "tool/run/manifest.h"
#include "tool/run/summary.h"
#include "tool/run/tests_chosen.h"
#include "tool/run/trace_run.h"
#include "tool/run/trace_summary.h"
#include "tool/suite/catalog.h"
#include "tool/tool.h"

/* Beside the profiles that the test may have. False when it could not be written. */
static bool note(const struct trace_run *traced, const struct catalog_test *test,
		 const struct kind_settings *settings)
{
	struct manifest *manifest = manifest_again(test->title, test, settings);

	manifest_add_kind(manifest, &traced->run);
	if (traced->path != NULL)
		manifest_add_file(manifest, "trace", traced->path);
	return manifest_write(manifest, settings->out_dir) == 0;
}

static bool run_test(const struct catalog_test *test, const struct kind_settings *settings,
		     uint64_t limit_bytes, struct sym *sym)
{
	struct trace_run traced;
	bool is_good;

	summary_title(stdout, test);
	is_good = trace_run(&traced, test, settings, limit_bytes, sym);
	fflush(stdout);
	trace_summary(stdout, &traced);
	is_good &= note(&traced, test, settings);
	is_good &= outcome_is_good(traced.run.outcome.kind);
	trace_run_free(&traced);
	return is_good;
}

static int run_tests(const struct options *options, const struct catalog *catalog)
{
	struct kind_settings settings = tests_settings(options);
	struct sym *sym = sym_open();
	uint64_t limit_bytes = 0;
	size_t good = 0, count = 0;

	settings.runs = 1;
	options_value(options, "tracesize", &limit_bytes);
	tests_ignore_closed_output();
	for (; count < catalog->count && !launch_interrupted(); count++)
		good += run_test(&catalog->tests[count], &settings, limit_bytes, sym);
	sym_close(sym);
	if (catalog->count > 1)
		printf("\n%zu of %zu tests traced, %zu of them failed\n", count, catalog->count,
		       count - good);
	summary_next_trace(stdout, catalog->tests[0].title, settings.out_dir);
	if (launch_interrupted())
		tool_error("interrupted; what was recorded until then is kept");
	return good == catalog->count && catalog->refused_count == 0 && !launch_interrupted()
		       ? TOOL_OK
		       : TOOL_FAILED;
}

int cmd_trace(const struct options *options)
{
	struct catalog catalog;
	int status = tests_choose(&catalog, options, tests_is_no_benchmark, TESTS_ONLY_BENCHMARKS);

	if (status == TOOL_OK)
		status = run_tests(options, &catalog);
	catalog_free(&catalog);
	return status;
}
