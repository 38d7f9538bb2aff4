/* SPDX-License-Identifier: MIT */
/* Is a value one that an option takes? */
#ifndef PPROFMK_TOOL_OPTIONS_CHECK_H
#define PPROFMK_TOOL_OPTIONS_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "tool/options.h"

/* False with what is wrong in problem[problem_size], as the end of a sentence ("\"7x\" is no number of 1 to 9"). */
bool option_accepts(const struct option *option, const char *value, char *problem,
		    size_t problem_size);

/* Is word[0..word_len) one of the words of a list that `separator` separates? */
bool list_has(const char *list, char separator, const char *word, size_t word_len);

/* Take the first number off a list that commas separate: *list is moved behind it and its comma. False when there is none of
 * min..max, or nothing behind the comma. */
bool list_number(const char **list, uint64_t min, uint64_t max, uint64_t *number);

/* Read a decimal number between 0 and 1, both left out. False for anything else. */
bool chance_read(const char *text, double *chance);

#endif
