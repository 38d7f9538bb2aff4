/* SPDX-License-Identifier: MIT */
/* What is to be said of a comparison beside its tables. */
#ifndef PPROFMK_TOOL_BENCH_DIFF_NOTES_H
#define PPROFMK_TOOL_BENCH_DIFF_NOTES_H

#include "tool/bench/bench_diff_print.h"

/* Print the notes, each on a line that begins with "# "; an empty line before them where there are any. Returns
 * whether there are. */
bool bench_diff_notes(FILE *stream, const struct bench_diff *diff,
		      const struct bench_diff_side *old, const struct bench_diff_side *new);

/* A row's benchmark as it is shown: "Encode/size=64-2", with its package in front where there are several. The caller
 * frees it. */
char *bench_diff_name(const struct bench_diff *diff, const struct bench_diff_row *row);

#endif
