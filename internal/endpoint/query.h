/* SPDX-License-Identifier: MIT */
/* What is asked for behind a path's question mark, read as Go reads it. */
#ifndef PPROFMK_ENDPOINT_QUERY_H
#define PPROFMK_ENDPOINT_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Undo %XX in place. False, and half done, where a % is followed by no two digits, or stands for a NUL. */
bool query_unescape(char *text);

/* The first value of a name in a query ("seconds=5&debug=1"), unescaped, as url.ParseQuery has it: parts with a ';' or a broken
 * escape are passed over.
 *
 * query  NULL: none
 *
 * False where it is not there, or longer than value[size]; then value is "". */
bool query_value(const char *query, const char *name, char *value, size_t size);

/* strconv.ParseInt(text, 10, 64). False for what it returns an error for; *number is then 0, or the nearest end where it is out of
 * range. */
bool query_int(const char *text, int64_t *number);

/* strconv.ParseFloat(text, 64) of decimal numbers. False for anything else, infinity and what is no number included. Any
 * locale. */
bool query_float(const char *text, double *number);

#endif
