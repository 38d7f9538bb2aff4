/* SPDX-License-Identifier: MIT */
/* Measuring what a gate compares. */
#ifndef PPROFMK_TOOL_GATE_RUN_H
#define PPROFMK_TOOL_GATE_RUN_H

#include "tool/gate/gate.h"
#include "tool/report/artifact.h"
#include "tool/run/bench_turns.h"

enum gate_timed { GATE_TIMED_ALL, GATE_TIMED_BENCHMARKS, GATE_TIMED_NONE };

struct gate_run {
	struct gate *gate;
	struct bench_turns_how how; /* its out_dir is --out */
	enum gate_timed timed;
	bool is_bad; /* something could not be measured that should have been */
	/* Private. */
	struct sym *sym;
	char *old_dir, *new_dir; /* the mem profiles of both sides */
	bool said_no_instructions;
};

/* Make the folders. False after a message. */
bool gate_run_begin(struct gate_run *run);
void gate_run_end(struct gate_run *run);

/* Measure a test of two builds: allocations twice on either side, and more often where something differs; then times
 * by turns, as long as that may show something. What is worse is measured again, and has to be worse then too. */
void gate_run_test(struct gate_run *run, const struct catalog_test *old,
		   const struct catalog_test *new);

/* Measure a test of one build: its allocations are compared with those of an earlier run.
 *
 * old  NULL: there is none, the test is new. */
void gate_run_alone(struct gate_run *run, const struct artifact_test *old,
		    const struct catalog_test *new);

/* Compare two folders as they are: nothing is run. */
void gate_run_folders(struct gate *gate, const struct artifact *old, const struct artifact *new,
		      const char *func);

#endif
