/* SPDX-License-Identifier: MIT */
/* The flight recorder of `pprofmk test`: a test is run with its trace's end kept, which is written when it fails. */
#ifndef PPROFMK_TOOL_TEST_FLIGHT_H
#define PPROFMK_TOOL_TEST_FLIGHT_H

#include "tool/options.h"
#include "tool/run/flight_limits.h"
#include "tool/run/manifest.h"
#include "tool/run/test_log.h"
#include "tool/run/trace_run.h"

/* Do --until and --count go together? TOOL_OK, or TOOL_USAGE after a message. */
int test_flight_check(const struct options *options);

/* Take what --flight says. */
struct flight_limits test_flight_limits(const struct options *options);

/* What of it was wanted: "has it failed?" and the trace, shown and noted. */
struct test_flight {
	bool is_good; /* no run has failed, and nothing went wrong */
	bool goes_on; /* other kinds have a chance */
	bool has_trace;
};

/* Repeat the test until it fails, as often as the settings say, with the flight recorder on; tells the log and the
 * manifest what came of it. A trace is left where a run has failed only. */
struct test_flight test_flight_run(const struct catalog_test *test,
				   const struct kind_settings *settings,
				   const struct flight_limits *limits, struct sym *sym,
				   struct manifest *manifest, struct test_log *log);

#endif
