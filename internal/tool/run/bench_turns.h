/* SPDX-License-Identifier: MIT */
/* A test of two builds, measured by turns: what else the machine does meets both alike. */
#ifndef PPROFMK_TOOL_BENCH_TURNS_H
#define PPROFMK_TOOL_BENCH_TURNS_H

#include "tool/run/base_programs.h"
#include "tool/run/bench_pass.h"
#include "tool/run/bench_report.h"

/* How every test is measured. */
struct bench_turns_how {
	struct kind_settings settings;
	struct bench_goal goal;
	uint64_t runs; /* of each side */
	struct base_programs base;
	uint32_t
		counters; /* set of 1 << enum rec_counter to count in a pass beside each timed one */
	bool is_quiet;	  /* what goes wrong is not printed */
};

struct bench_side {
	const char *word; /* "old" */
	const struct catalog_test *test;
	bool is_base;
	struct bench_set mem; /* with the processors that are measured with now */
	struct bench_report report;
	char *problem;	   /* the first thing that went wrong, NULL: nothing */
	uint32_t counters; /* that there were */
};

/* A test on its way through the turns. */
struct bench_turns {
	const struct bench_turns_how *how;
	struct bench_side old, new;
	size_t name_width;
	uint64_t done; /* turns */
	bool is_good;
};

/* `how` has to live as long. */
void bench_turns_begin(struct bench_turns *turns, const struct bench_turns_how *how,
		       const struct catalog_test *old, const struct catalog_test *new);

/* Forget what was measured: another set of runs begins. */
void bench_turns_again(struct bench_turns *turns);
void bench_turns_end(struct bench_turns *turns);

/* May another turn be measured: nothing went wrong, and nobody asked us to stop? */
bool bench_turns_go_on(const struct bench_turns *turns);

/* Measure allocations of both sides, for the lines that follow. */
void bench_turns_mem(struct bench_turns *turns, unsigned cpus);

/* Measure until `done` turns are: old new, new old, old new, ... Each adds a line for each benchmark to either report. */
void bench_turns_time(struct bench_turns *turns, unsigned cpus, uint64_t done);

#endif
