/* SPDX-License-Identifier: MIT */
/* One test traced: a process, what it recorded, the finished trace. */
#ifndef PPROFMK_TOOL_TRACE_RUN_H
#define PPROFMK_TOOL_TRACE_RUN_H

#include "tool/run/kind_run.h"
#include "tool/trace/trace_flight.h"

struct trace_run {
	struct kind_run run;
	bool is_flight;
	uint64_t recorded_ns,
		kept_ns; /* of a flight: how long the program was recorded, and what of its end is there */
	char *path; /* of the trace, owned; NULL when there is none */
	uint64_t span_ns, events, lost_events, lost_switches, size_bytes;
	size_t threads;
	char source[160], note[160]; /* as in struct trace_info */
};

/* Run the test once. The trace is written however it ended.
 *
 * limit_bytes  what may be recorded.
 *
 * Returns false when there is no trace, after a message; *traced can be used and must be freed either way. */
bool trace_run(struct trace_run *traced, const struct catalog_test *test,
	       const struct kind_settings *settings, uint64_t limit_bytes, struct sym *sym);

/* Run it as often as settings->runs says, and keep the end: a trace is written only when one of the runs does not end well, and then
 * shows that one. Its output is printed, whether it was the first run or not.
 *
 * Returns false when there should be a trace and is none, after a message. */
bool trace_run_flight(struct trace_run *traced, const struct catalog_test *test,
		      const struct kind_settings *settings, const struct flight_limits *limits,
		      struct sym *sym);
void trace_run_free(struct trace_run *traced);

#endif
