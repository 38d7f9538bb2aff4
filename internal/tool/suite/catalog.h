/* SPDX-License-Identifier: MIT */
/* The tests of the programs given, and the choice of some of them by name. */
#ifndef PPROFMK_TOOL_CATALOG_H
#define PPROFMK_TOOL_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "tool/options.h"
#include "tool/suite/suite_program.h"

struct catalog_test {
	const char *name;		/* as the program's array has it */
	const char *group;		/* name of its group */
	const char *program;		/* absolute path */
	const char *package;		/* "" when not said */
	const struct suite_program *as; /* how its program is run */
	uint32_t group_index, test_index;
	uint32_t occurrence;   /* of its name in its program, from 1 */
	uint32_t occurrences;  /* how often its program has the name */
	bool is_told_by_group; /* no other of its group in the program has its name */
	char *title; /* what it is called in messages and files: name, group.name, name#2, program.name,
		      * folder/program.name, suite's-test.name */
};

#define CATALOG_NONE_GIVEN \
	"no test program given (a path, or the build folder of --ctest, --meson or --automake)"

/* Which programs may be taken as they were found by an earlier run of the tool; see cache.h. */
enum catalog_memory {
	CATALOG_REMEMBERS, /* those that have not changed */
	CATALOG_ASKS,	   /* none; what they answer is noted */
	CATALOG_ASKS_AGAIN, /* none; and refusals that were reported when it remembered are not again */
};

struct catalog {
	struct catalog_test *tests;
	size_t count, cap;
	size_t program_count;  /* that are known */
	size_t refused_count;  /* that have no tests for us */
	size_t skipping_count; /* of suites that skipped themselves when they were asked */
	size_t unready_count; /* tests of suites that are not built, or whose programs are refused */
	const char *project;  /* of the suite, NULL when there is none or it has no name */
	struct suite *suites; /* that were read */
	size_t suites_len, suites_cap;
	bool is_remembered; /* the tests of some are from an earlier run of the tool */
	enum catalog_memory memory;
	struct cache *cache;
	struct arena arena;
	const struct suite_program **programs; /* whose tests these are */
	size_t programs_len, programs_cap;
	char **strings; /* owned by the catalog */
	size_t string_count, string_cap;
};

/* Ask each program named by the options (--package, --bin, suites' build folders, arguments after --) for its tests: it is run up to the
 * point where it would run a group of them. Programs that can't be asked are reported on stderr and counted. */
void catalog_read(struct catalog *catalog, const struct options *options,
		  enum catalog_memory memory);

/* Note what was found, in the folder of profiles, which may have been made since. */
void catalog_save(struct catalog *catalog);

/* Say what the suites have that is left out. */
void catalog_report(const struct catalog *catalog);

/* Ask the programs of these tests, where their tests are remembered, and compare. False: some have changed all the same, as
 * those do whose tests are in a library. */
bool catalog_is_true(const struct catalog *catalog);
void catalog_free(struct catalog *catalog);

/* Let the catalog own a string. Returns it. */
char *catalog_keep(struct catalog *catalog, char *text);

/* Keep only the tests that `func` selects, and give each its title.
 *
 * func  "" or NULL: all. An exact name: the first test of that name of each program; "NAME#2": the second;
 *       "GROUP.NAME": that of the group; "PROGRAM.NAME", "SUITE'S.NAME": that of the program, or of a run of it. With *, ?
 *       or [: a glob over the names, as in fnmatch(3), and where no name matches over the others; a test that is called
 *       exactly that comes first. Also a title, as the list of all tests shows it. */
void catalog_select(struct catalog *catalog, const char *func);

/* Keep only the tests that are wanted. */
void catalog_select_those(struct catalog *catalog,
			  bool (*is_wanted)(const struct catalog_test *test));

/* Names of the tests that are most like a wrong one. See names_nearest(). */
size_t catalog_nearest(const struct catalog *catalog, const char *wrong, const char **nearest,
		       size_t cap);

#endif
