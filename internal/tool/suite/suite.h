/* SPDX-License-Identifier: MIT */
/* The tests that a build system knows, as the programs it would run: with their arguments, folder and environment. None of
 * them is run to find that out, and nothing is built. */
#ifndef PPROFMK_TOOL_SUITE_H
#define PPROFMK_TOOL_SUITE_H

#include <stdbool.h>
#include <stddef.h>

#include "tool/suite/cache.h"
#include "tool/suite/suite_program.h"

/* The exit status of a test that skips itself, as GNU's make check has it, and Meson. */
#define SUITE_SKIP_STATUS 77

/* Options of the tool, and what reads the build folder that each of them names. */
#define SUITE_KINDS(X)          \
	X("ctest", suite_ctest) \
	X("meson", suite_meson) \
	X("automake", suite_automake)

struct suite {
	const char *kind;   /* as the option that names it */
	const char *folder; /* of the build: absolute */
	const char *config; /* of a build that has several, NULL: it has not, or any */
	bool is_silent;	    /* nothing is said of programs that are refused */
	struct arena *arena;
	struct cache *cache;
	/* Called for each program that has, or may have, tests of cmocka; the program is the suite's. */
	void (*found)(void *context, const struct suite_program *program);
	void *context;
	/* Filled in. */
	const char *project;	   /* its name, NULL: unknown */
	const char *build_command; /* what builds the programs */
	size_t known;		   /* tests of the suite; benchmarks count for themselves */
	size_t found_count;
	size_t foreign;	 /* those that are no cmocka programs */
	size_t disabled; /* those that the suite does not run itself */
	size_t unbuilt;	 /* those whose programs are not there */
	size_t unbuilt_benchmarks;
	size_t refused; /* those of programs that can't be run under the runtime */
};

/* A test as the suite has it. */
struct suite_test {
	const char *name;
	char *const *words; /* command and arguments, NULL-terminated; empty: it can't be run yet */
	const char *directory;	  /* where it runs, absolute */
	char *const *environment; /* changes, as in struct launch */
	struct suite_verdict verdict;
	/* As in struct suite_program. */
	const char *before;
	bool is_benchmark;
};

/* Is it the option of a suite? */
bool suite_is_kind(const char *option);

/* Read the suite of a build folder.
 *
 * Returns false, after a message, when the folder has no such suite or the suite can't be read. */
bool suite_read(struct suite *suite, const char *kind, const char *folder);

/* Say on stderr what was left out, in a line for each reason. */
void suite_report(const struct suite *suite);

/* For the readers: a text as a word of the shell, in quotes where it needs them. The arena's. */
const char *suite_word(struct arena *arena, const char *text);

/* For the readers: a test of the suite. The command may begin with a launcher (valgrind, env X=1, cmake -E env): its
 * program is the first word that is a cmocka program. */
void suite_add(struct suite *suite, const struct suite_test *test);

#define X(name, reader) bool reader(struct suite *suite);
SUITE_KINDS(X)
#undef X

#endif
