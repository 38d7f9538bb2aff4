/* SPDX-License-Identifier: MIT */
/* A comparison of benchmarks as people read it: a table for each unit, and notes. */
#ifndef PPROFMK_TOOL_BENCH_DIFF_PRINT_H
#define PPROFMK_TOOL_BENCH_DIFF_PRINT_H

#include <stdio.h>

#include "tool/bench/bench_diff.h"

struct bench_diff_side {
	const char *label; /* where the text is from */
	const struct bench_text *text;
};

/* Print what is compared, the tables, and notes ("# ..."): what differs between the machines, benchmarks that only one
 * side has, damaged lines, and how many runs it would take where there are too few. Control characters of names never
 * reach the terminal. Returns whether there were notes. */
bool bench_diff_print(FILE *stream, const struct bench_diff *diff,
		      const struct bench_diff_side *old, const struct bench_diff_side *new);

/* A value with four digits, as the Go format has it: 1203341, 829.4, 3.100, 0.0471. The caller frees it. */
char *bench_diff_number(double value);

#endif
