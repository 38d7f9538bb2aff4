/* SPDX-License-Identifier: MIT */
/* The functions of a profile by what they cost. */
#ifndef PPROFMK_TOOL_TOP_H
#define PPROFMK_TOOL_TOP_H

#include <stdint.h>
#include <stdio.h>

#include "format/profile.h"
#include "tool/profile/frames.h"

struct top_row {
	uint32_t frame;	  /* its place in struct top's frames */
	const char *name; /* name, file and line as in struct frame */
	const char *file;
	int64_t line;
	int64_t flat;	/* spent in the function itself */
	int64_t cum;	/* spent in it and in what it called; once a sample, however recursive */
	size_t counted; /* private: number of the last sample that it was counted for, from 1 */
};

struct top {
	int64_t total; /* sum of the samples' magnitudes, as pprof counts */
	size_t row_count;
	struct top_row *rows; /* by flat, then cum (largest first), then name and file */
	struct frames frames; /* names of rows */
};

/* Sum a profile up by function: by name and file, so that two static functions of one name are two rows. A call
 * that was inlined counts as a call of its function. Rows whose figures are both 0 are left out.
 *
 * type  which of the profile's sample types, less than type_count.
 *
 * Never NULL. Valid as long as the profile is. */
struct top *top_new(const struct profile *profile, size_t type);
void top_free(struct top *top);

/* top.total alone. */
int64_t top_total(const struct profile *profile, size_t type);

/* Print the first rows as a table: flat, flat%, cum, cum%, function and where it is (files below the
 * working directory relative to it); then how many more there are. No rows: a line that says so. */
void top_print(FILE *stream, const struct profile *profile, size_t type, size_t rows);

#endif
