/* SPDX-License-Identifier: MIT */
/* A comparison of profiles as people read it: functions by change. */
#ifndef PPROFMK_TOOL_PROFILE_DIFF_PRINT_H
#define PPROFMK_TOOL_PROFILE_DIFF_PRINT_H

#include <stdio.h>

#include "tool/profile/profile_diff.h"

/* Print what is compared, the total, a table of the functions by what they spend themselves and one with what they call, and
 * notes ("# ..."). First what has changed, then what may be noise, each by the size of the change.
 *
 * rows  that each table may have */
void profile_diff_print(FILE *stream, struct profile_diff *diff, size_t rows);

/* One of the two tables alone. */
void profile_diff_print_changes(FILE *stream, struct profile_diff *diff, bool is_with_calls,
				size_t rows);

#endif
