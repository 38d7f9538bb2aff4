/* SPDX-License-Identifier: MIT */
/* What the subcommands share. */
#ifndef PPROFMK_TOOL_TOOL_H
#define PPROFMK_TOOL_TOOL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/xalloc.h"

#define TOOL_VERSION "0.1.0"

/* Exit statuses; see "The tool's command line" in docs/design.md. */
enum { TOOL_OK = 0, TOOL_FAILED = 1, TOOL_USAGE = 2 };

/* Print "pprofmk: ..." and a newline to stderr. */
void tool_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Read a duration: a decimal number with a unit, ns us ms s m h ("1s", "500ms", "1.5m", "10m").
 *
 * Returns 0 with *ns set, -EINVAL for anything else (no unit, a sign, spaces, something behind), -ERANGE when
 * it does not fit 2^63 - 1 ns. "0s" is 0. */
int tool_duration(const char *text, uint64_t *ns);

/* Read a size: a decimal number with a unit, B kB MB GB TB in steps of 1024 ("1GB", "1.5MB"; K counts as k).
 *
 * Returns as tool_duration() does. */
int tool_size(const char *text, uint64_t *bytes);

/* Read a decimal whole number of min..max. 0, -EINVAL (a sign, spaces, something behind), or -ERANGE. */
int tool_number(const char *text, uint64_t min, uint64_t max, uint64_t *number);

/* Is the stream a terminal that a person looks at (TERM is not "dumb")? */
bool tool_is_terminal(FILE *stream);

#endif
