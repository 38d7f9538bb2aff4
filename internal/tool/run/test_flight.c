/* SPDX-License-Identifier: MIT */
#include "tool/run/test_flight.h"

#include <stdlib.h>
#include <unistd.h>

#include "tool/asked/trace_asked.h"
#include "tool/tool.h"

int test_flight_check(const struct options *options)
{
	if (!options_is_given(options, "until") || options_is_given(options, "count"))
		return TOOL_OK;
	return options_wrong(options->command,
			     "--until fail (Until=fail): say how many runs it may take, --count N "
			     "(Count=1000)");
}

struct flight_limits test_flight_limits(const struct options *options)
{
	struct flight_limits limits = {UINT64_C(5000000000), FLIGHT_BYTES_OF_TIME};

	if (options_is_given(options, "flight"))
		flight_limits_read(&limits, options_text(options, "flight"));
	return limits;
}

/* A failure of an earlier run's is not thrown away because this one passed. */
static bool has_older(const struct kind_settings *settings, const char *title)
{
	char *path = trace_asked_path(settings->out_dir, title);
	bool has = access(path, F_OK) == 0;

	free(path);
	return has;
}

struct test_flight test_flight_run(const struct catalog_test *test,
				   const struct kind_settings *settings,
				   const struct flight_limits *limits, struct sym *sym,
				   struct manifest *manifest, struct test_log *log)
{
	bool had_older = has_older(settings, test->title);
	struct test_flight flight;
	struct trace_run traced;

	flight.is_good = trace_run_flight(&traced, test, settings, limits, sym);
	flight.has_trace = traced.path != NULL;
	test_log_flight(log, &traced, flight.is_good, had_older);
	manifest_add_kind(manifest, &traced.run);
	if (flight.has_trace)
		manifest_add_file(manifest, "trace", traced.path);
	flight.is_good &= outcome_is_good(traced.run.outcome.kind);
	flight.goes_on = traced.run.outcome.kind != OUTCOME_TIME_LIMIT &&
			 traced.run.outcome.kind != OUTCOME_INTERRUPTED;
	trace_run_free(&traced);
	return flight;
}
