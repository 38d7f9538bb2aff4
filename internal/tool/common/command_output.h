/* SPDX-License-Identifier: MIT */
#ifndef PPROFMK_TOOL_COMMAND_OUTPUT_H
#define PPROFMK_TOOL_COMMAND_OUTPUT_H

#include <stddef.h>

/* Run a short command, without a shell, in the folder "/", its stdin and stderr at /dev/null.
 *
 * words  the program's path and its arguments, NULL-terminated.
 *
 * Returns the first line of what it prints, without the newline; NULL when it can't be run, fails, prints nothing or
 * takes more than 10 s (then it is killed). The caller frees it. */
char *command_output(char *const *words);

/* The same in a folder, for all that it prints and whatever its exit status is: *size bytes with a NUL behind. NULL when it
 * can't be run or takes more than a minute. */
char *command_output_all(const char *folder, char *const *words, size_t *size);

#endif
