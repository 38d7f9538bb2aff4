/* SPDX-License-Identifier: MIT */
/* The tests of one `pprofmk bench`: each run in passes, its figures printed, its profiles made. */
#ifndef PPROFMK_TOOL_BENCH_SESSION_H
#define PPROFMK_TOOL_BENCH_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "tool/bench/bench_header.h"
#include "tool/bench/bench_machine.h"
#include "tool/bench/bench_notes.h"
#include "tool/run/bench_pass.h"

/* For a package in which bench_is_one() finds none. */
#define BENCH_NONE_NAMED                                                                    \
	"no test's name begins with bench_ or benchmark_; any other is run as a benchmark " \
	"when it is named (Func=, --func); `make pprof.list` (pprofmk list) names them all"

struct bench_session {
	/* What was asked for. */
	struct kind_settings settings;
	struct bench_goal goal;
	uint64_t runs;	/* results of each benchmark */
	unsigned *cpus; /* one after the other; {0}: all there are */
	size_t cpus_count;
	uint32_t
		counters; /* set of 1 << enum rec_counter; those that there are not are taken out */
	bool has_kind[REC_KIND_TIME];
	/* Its own. */
	struct sym *sym;
	struct bench_header header; /* that was printed last */
	struct bench_machine before;
	bool knows_counters; /* those that there are not have been taken out of `counters` */
	struct bench_notes
		said; /* of the whole session: printed with the first test that has them */
	size_t name_width;
	size_t good, bad; /* tests so far */
};

/* tests  that will be run: their names are below each other */
void bench_session_begin(struct bench_session *session, const struct catalog_test *tests,
			 size_t count);

/* Make room for a result's name in the column of names. */
void bench_session_widen(struct bench_session *session, const char *name);

/* Run one test. Nothing it does ends the session. */
void bench_session_run(struct bench_session *session, const struct catalog_test *test);

void bench_session_end(struct bench_session *session);

#endif
