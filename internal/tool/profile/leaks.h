/* SPDX-License-Identifier: MIT */
/* What a test left allocated, by where it was allocated. */
#ifndef PPROFMK_TOOL_LEAKS_H
#define PPROFMK_TOOL_LEAKS_H

#include <stdio.h>

#include "format/profile.h"

/* How many callers of the allocating function a site is told apart by. */
#define LEAKS_FRAMES 6

struct leak {
	int64_t blocks, bytes;
	size_t frame_count;
	struct leak_frame {
		const char *function, *file; /* of the profile */
		int64_t line;
	} frames[LEAKS_FRAMES]; /* the allocating function first */
};

struct leaks {
	int64_t blocks, bytes; /* all of them */
	size_t count;
	struct leak *items; /* most bytes first */
};

/* From a mem profile: samples with something still in use at the end, but for what the C library keeps of ended threads
 * for the next ones. Valid as long as the profile is. */
struct leaks leaks_of(const struct profile *mem);
void leaks_free(struct leaks *leaks);

/* The first `rows` sites, a line each. */
void leaks_print(FILE *stream, const struct leaks *leaks, size_t rows);

#endif
