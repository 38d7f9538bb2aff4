/* SPDX-License-Identifier: MIT */
/* What the subcommands that run tests have in common: which tests are to be run, where their files go, and how. */
#ifndef PPROFMK_TOOL_TESTS_CHOSEN_H
#define PPROFMK_TOOL_TESTS_CHOSEN_H

#include <stdbool.h>

#include "tool/run/kind_run.h"
#include "tool/suite/catalog.h"

/* Ask the programs of --bin for their tests, keep those that --func selects, and make the folder --out.
 *
 * catalog     to be freed by the caller in any case
 * is_wanted   for no --func: which tests are meant. NULL: all.
 * otherwise   printed when these are none, which is a mistake; NULL: it is none
 *
 * Returns TOOL_OK when there is something to run, or nothing has to be; else the status to end with, after a message. */
int tests_choose(struct catalog *catalog, const struct options *options,
		 bool (*is_wanted)(const struct catalog_test *test), const char *otherwise);

/* The same without asking a program whose tests are remembered: for who sees which they are when it runs
 * them. */
int tests_choose_trusting(struct catalog *catalog, const struct options *options,
			  bool (*is_wanted)(const struct catalog_test *test),
			  const char *otherwise);

/* For those two: what a suite runs when it runs its tests, and what to say where there is nothing but benchmarks. */
bool tests_is_no_benchmark(const struct catalog_test *test);
#define TESTS_ONLY_BENCHMARKS                                                                   \
	"there are only benchmarks: `make pprof.bench` (pprofmk bench) runs them, or name one " \
	"(Func=, --func)"

/* The settings that the options --out, --hz, --timeout and --alone give, and the arguments behind --. */
struct kind_settings tests_settings(const struct options *options);

/* The same without --alone. */
struct kind_settings tests_program_settings(const struct options *options);

/* Make the folder for profiles and those above it. Called before anything runs: an hour of testing must not end in a
 * folder that can't be written. False after a message. */
bool tests_make_folder(const char *dir);

/* Nobody reads on (`| head`): the files are written all the same, and main() says that the output was not. */
void tests_ignore_closed_output(void);

#endif
