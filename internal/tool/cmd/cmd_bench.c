/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tool/cmd/cmd.h"
#include "tool/launch/launch.h"
#include "tool/options.h"
#include "tool/run/bench_session.h"
#include "tool/run/summary.h"
#include "tool/run/tests_chosen.h"
#include "tool/tool.h"

static uint32_t counters_of(const struct options *options)
{
	static const char *const names[] = {
#define X(name, text, unit) text,
		REC_COUNTERS(X)
#undef X
	};
	uint32_t counters = 0;

	for (size_t i = 0; i < REC_COUNTER_COUNT; i++)
		if (options_has(options, "counters", names[i]))
			counters |= 1u << i;
	return counters;
}

static struct bench_session session_of(const struct options *options)
{
	struct bench_session session = {.settings = tests_settings(options)};

	bench_goal_read(&session.goal, options_text(options, "benchtime"));
	options_value(options, "bench-count", &session.runs);
	session.cpus = bench_cpus_read(options_text(options, "cpu"), &session.cpus_count);
	session.counters = counters_of(options);
	session.has_kind[REC_KIND_CPU] = options_has(options, "kinds", "cpu");
	session.has_kind[REC_KIND_MEM] = options_has(options, "kinds", "mem");
	session.has_kind[REC_KIND_BLOCK] = options_has(options, "kinds", "block");
	return session;
}

static const char *first_kind(const struct bench_session *session)
{
	if (session->has_kind[REC_KIND_CPU])
		return "cpu";
	return session->has_kind[REC_KIND_MEM] ? "mem" : "block";
}

static int run_benchmarks(const struct options *options, const struct catalog *catalog)
{
	struct bench_session session = session_of(options);
	bool is_good;

	tests_ignore_closed_output();
	bench_session_begin(&session, catalog->tests, catalog->count);
	for (size_t i = 0; i < catalog->count && !launch_interrupted(); i++)
		bench_session_run(&session, &catalog->tests[i]);
	printf("# results and profiles are in %s\n", session.settings.out_dir);
	if (catalog->count > 1)
		printf("# %zu of %zu tests run as benchmarks, %zu of them failed\n",
		       session.good + session.bad, catalog->count, session.bad);
	summary_next(stdout, "# ", first_kind(&session), catalog->tests[0].title,
		     session.settings.out_dir);
	if (launch_interrupted())
		tool_error("interrupted; what was measured until then is kept");
	is_good = catalog->refused_count == 0 && session.bad == 0 && !launch_interrupted();
	bench_session_end(&session);
	return is_good ? TOOL_OK : TOOL_FAILED;
}

int cmd_bench(const struct options *options)
{
	struct catalog catalog;
	bool is_needed;
	int status;

	is_needed = strcmp(options_text(options, "needed"), "yes") == 0;
	status = tests_choose(&catalog, options, bench_is_one, is_needed ? BENCH_NONE_NAMED : NULL);
	if (status == TOOL_OK && catalog.count > 0)
		status = run_benchmarks(options, &catalog);
	catalog_free(&catalog);
	return status;
}
