/* SPDX-License-Identifier: MIT */
/* What `pprofmk test` prints of one test. */
#ifndef PPROFMK_TOOL_SUMMARY_H
#define PPROFMK_TOOL_SUMMARY_H

#include <stdio.h>

#include "tool/run/kind_run.h"

/* Functions of each profile that are shown. */
#define SUMMARY_ROWS 10

void summary_title(FILE *stream, const struct catalog_test *test);

/* The title alone: its name and package, behind what stands in the line already. */
void summary_name(FILE *stream, const struct catalog_test *test);

/* rows  functions of each profile, and leaks, that are shown; 0: the figures only. */
void summary_kind(FILE *stream, const struct kind_run *run, size_t rows);

/* A kind that was not run, because the one before it did not end. */
void summary_skipped(FILE *stream, const char *kind);

/* Where profiles go unless told otherwise. */
#define SUMMARY_OUT_DEFAULT "_output/pprof"

/* Say what a program was built without, whose functions have no lines. NULL: nothing is. */
void summary_without_lines(FILE *stream, const char *program);

/* The next command to type: to look at a kind of the test's profiles. `before` is printed in front of it.
 * Nothing where the name can't be typed. */
void summary_next(FILE *stream, const char *before, const char *kind, const char *title,
		  const char *out_dir);

/* The same behind an empty line, to look at its trace: in the browser, and in the terminal. */
void summary_next_trace(FILE *stream, const char *title, const char *out_dir);

#endif
