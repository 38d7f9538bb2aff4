/* SPDX-License-Identifier: MIT */
/* The tests of the programs given, and the choice of some of them by name. */
#ifndef PPROFMK_TOOL_CATALOG_H
#define PPROFMK_TOOL_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tool/options.h"

struct catalog_test {
	const char *name;    /* as the program's array has it */
	const char *group;   /* name of its group */
	const char *program; /* absolute path */
	const char *package; /* "" when not said */
	uint32_t group_index, test_index;
	uint32_t occurrence;  /* of its name in its program, from 1 */
	uint32_t occurrences; /* how often its program has the name */
	char *title; /* what it is called in messages and files: name, name#2, program.name,
		      * folder/program.name */
};

struct catalog {
	struct catalog_test *tests;
	size_t count, cap;
	size_t program_count; /* that were asked */
	size_t refused_count; /* that could not be */
	char **strings;	      /* owned by the catalog */
	size_t string_count, string_cap;
};

/* Ask each program named by the options (--package, --bin, arguments after --) for its tests: it is run up to the
 * point where it would run a group of them. Programs that can't be asked are reported on stderr and counted. */
void catalog_read(struct catalog *catalog, const struct options *options);
void catalog_free(struct catalog *catalog);

/* Let the catalog own a string. Returns it. */
char *catalog_keep(struct catalog *catalog, char *text);

/* Keep only the tests that `func` selects, and give each its title.
 *
 * func  "" or NULL: all. An exact name: the first test of that name of each program; "NAME#2": the second. With *,
 *       ? or [: a glob over the names, as in fnmatch(3); a test whose name is exactly that comes first. Also a title, as the
 *       list of all tests shows it ("program.name"). */
void catalog_select(struct catalog *catalog, const char *func);

/* Keep only the tests whose name is wanted. */
void catalog_select_those(struct catalog *catalog, bool (*is_wanted)(const char *name));

/* Names of the tests that are most like a wrong one. See names_nearest(). */
size_t catalog_nearest(const struct catalog *catalog, const char *wrong, const char **nearest,
		       size_t cap);

#endif
