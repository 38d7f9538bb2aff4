/* SPDX-License-Identifier: MIT */
/* What `pprofmk test` prints of one test. */
#ifndef PPROFMK_TOOL_SUMMARY_H
#define PPROFMK_TOOL_SUMMARY_H

#include <stdio.h>

#include "tool/kind_run.h"

/* Functions of each profile that are shown. */
#define SUMMARY_ROWS 10

void summary_title(FILE *stream, const struct catalog_test *test);
void summary_kind(FILE *stream, const struct kind_run *run);

/* The next command to type: to look at a kind of the test's profiles. */
void summary_next(FILE *stream, const char *kind, const char *title);

#endif
