/* SPDX-License-Identifier: MIT */
/* One test profiled for one kind: a process, its recording, the profiles made of it. */
#ifndef PPROFMK_TOOL_KIND_RUN_H
#define PPROFMK_TOOL_KIND_RUN_H

#include <stdint.h>

#include "format/profile.h"
#include "tool/bench/bench_result.h"
#include "tool/launch/outcome.h"
#include "tool/suite/catalog.h"
#include "tool/sym/sym.h"

/* What the user asked for; the same for every test. */
struct kind_settings {
	const char *out_dir;
	char *const *arguments; /* of the test program */
	uint64_t cpu_goal_ns;
	uint64_t runs; /* 0: as many as cpu_goal_ns needs */
	uint64_t period_ns;
	uint64_t limit_ns;
	uint64_t memory_bytes; /* resident memory that ends the program, 0: no limit */
	bool alone;
	bool until_failure;	       /* see struct rec_config */
	enum rec_attach attach;	       /* the program as a whole, or a test of it */
	struct rec_file file;	       /* of a whole program: see enum rec_attach */
	struct rec_bench_config bench; /* all zero: not as a benchmark; see bench_pass.h */
	unsigned limits_cpus;	       /* processors that the program may use, 0: as many as we */
	bool keeps_output;	       /* of the program, for kind_run.output */
	int shown_fd;		       /* see struct launch */
	bool writes_nothing;	       /* no profiles are made */
};

/* A profile as it was written. */
struct kind_file {
	const char *kind;	 /* "cpu", "mem", "block", "mutex" */
	struct profile *profile; /* owned */
	char *path;		 /* owned; NULL when it could not be written */
};

enum { KIND_RUN_FILES = 2 };

/* Figures of one kind; those that don't apply are 0. */
struct kind_run {
	enum rec_kind kind;
	const char *name; /* as in --kinds */
	struct outcome outcome;
	int exit_status; /* of the process; -signal when killed */
	const char
		*before; /* where it ended badly: what may be missing, as in struct suite_program */
	bool is_whole;	 /* of a program as a whole */
	bool was_torn_down; /* a test that ends the process has no chance to free anything, and programs need not */
	uint64_t runs, failed_run;
	uint64_t wall_ns, cpu_ns, user_ns, system_ns; /* see struct rec_state */
	uint64_t cpu_goal_ns; /* cpu: CPU time asked for, 0: an exact number of runs was */
	uint64_t period_ns;
	uint64_t samples; /* cpu: samples; mem: allocations; block: waits */
	double rate_hz;	  /* cpu: samples a second of CPU time */
	const char *clock;
	uint64_t lost, truncated;
	char message[sizeof((struct rec_state *)0)->message];
	struct kind_file files[KIND_RUN_FILES];
	size_t file_count;
	/* Of a benchmark; otherwise empty. */
	struct bench_set benches;
	uint32_t counters;			  /* set of 1 << enum rec_counter that there were */
	int32_t counter_error[REC_COUNTER_COUNT]; /* -errno of the others */
	char *output; /* the end of what the program printed, owned; NULL unless it was to be kept */
};

/* Run the test for a kind and write its profiles. What was recorded is written however the test ended.
 *
 * shows_output  whether the test's own output goes to ours.
 *
 * Returns false when nothing could be recorded or a profile could not be written, after a message; *run can be used
 * and must be freed either way. */
bool kind_run(struct kind_run *run, enum rec_kind kind, const struct catalog_test *test,
	      const struct kind_settings *settings, struct sym *sym, bool shows_output);
/* The run of one test of a recording that has several (rec_config.together), and its cpu profile.
 *
 * item  the test's of TESTS, whose body has returned: it has passed.
 *
 * Returns as kind_run() does. */
bool kind_run_part(struct kind_run *run, const struct recording *recording,
		   const struct rec_test *item, const struct catalog_test *test,
		   const struct kind_settings *settings, struct sym *sym);

/* What the program of `test` is started with, for a kind. */
struct rec_config kind_run_config(enum rec_kind kind, const struct catalog_test *test,
				  const struct kind_settings *settings);
struct launch kind_run_launch(const struct catalog_test *test, const struct kind_settings *settings,
			      struct recording *recording);

/* Take what every kind has of a run of `test` that has ended: outcome, times, what was lost. *run is fresh. */
void kind_run_read(struct kind_run *run, enum rec_kind kind, const struct catalog_test *test,
		   const struct recording *recording, const struct launch_result *result);

/* "cpu", "mem", "block", "trace". */
const char *kind_run_name(enum rec_kind kind);

void kind_run_free(struct kind_run *run);

#endif
