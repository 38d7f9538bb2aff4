/* SPDX-License-Identifier: MIT */
/* One pass of a benchmark: a process in which a test is run as a benchmark, for one kind of figures. */
#ifndef PPROFMK_TOOL_BENCH_PASS_H
#define PPROFMK_TOOL_BENCH_PASS_H

#include "tool/bench/bench_goal.h"
#include "tool/bench/bench_result.h"
#include "tool/run/kind_run.h"

/* Parts of the goal that passes other than that for time and cpu samples get: what they count is exact. */
enum { BENCH_PASS_SHARE = 5 };

struct bench_pass {
	/* TIME: times only, and counters; MEM: bytes_op and allocs_op; CPU, BLOCK: profiles. */
	enum rec_kind kind;
	struct bench_goal goal; /* of the benchmark */
	unsigned share; /* parts of a time to fill that this pass takes one of; 0 or 1: all of it */
	unsigned cpus;	/* that the process may use and is named after; 0: all it may use now */
	uint32_t counters;    /* set of 1 << enum rec_counter */
	bool warms_up;	      /* iterations before the measured ones, unless the goal is a count */
	bool writes_profiles; /* those of the kind, into settings->out_dir */
};

/* Run a pass of a test: `settings` says with which arguments, limits and rate; its goals and counts are not used.
 *
 * The outcome is in run->outcome, the figures are in run->benches: those of benchmarks that had ended before the program
 * did, however it did. Free *run by kind_run_free().
 *
 * sym  for naming what profiles have; NULL will do when none is written.
 *
 * Returns false when nothing could be recorded or a profile could not be written, after a message. */
bool bench_pass(struct kind_run *run, const struct bench_pass *pass,
		const struct catalog_test *test, const struct kind_settings *settings,
		struct sym *sym);

/* How many processors this process may use: `cpus` of a benchmark where none is asked for. */
unsigned bench_cpus(void);

/* What a benchmark is named after that may use so many, 0: all. */
unsigned bench_named_cpus(unsigned cpus);

/* The numbers of `--cpu`, "1,2,4"; one 0, for all, where the list is empty or NULL. The caller frees them. */
unsigned *bench_cpus_read(const char *list, size_t *count);

#endif
