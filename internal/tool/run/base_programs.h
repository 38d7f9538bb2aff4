/* SPDX-License-Identifier: MIT */
/* The test programs of an older build, which run in a folder of their own. */
#ifndef PPROFMK_TOOL_BASE_PROGRAMS_H
#define PPROFMK_TOOL_BASE_PROGRAMS_H

#include "tool/suite/catalog.h"

struct base_programs {
	const char *dir; /* folder that they run in; NULL: where we are */
	/* Its own. */
	int here, there; /* these folders, open */
};

/* False, after a message, when `dir` is no folder. */
bool base_programs_begin(struct base_programs *base);
void base_programs_end(struct base_programs *base);

/* Go to their folder, and back: what is started in between runs there. */
void base_programs_enter(const struct base_programs *base);
void base_programs_leave(const struct base_programs *base);

/* Are programs given in any way: for the new side, or for the base? */
bool base_programs_given(const struct options *options, bool is_base);

/* Ask those of --base-bin, --base-ctest and so on for all their tests. The catalog is to be freed. */
void base_programs_read(const struct base_programs *base, struct catalog *catalog,
			const struct options *options);

/* The base's test of that name: of the same package, test of the suite and program where there are several. NULL: none. */
const struct catalog_test *base_programs_find(const struct catalog *catalog,
					      const struct catalog_test *test);

#endif
