/* SPDX-License-Identifier: MIT */
#ifndef PPROFMK_BASE_UTF8_H
#define PPROFMK_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the well-formed character at text (Unicode 15, table 3-7), 0 when it is none or the text's end. */
size_t utf8_length(const char *text);

/* Is all of it well-formed? "" is. */
bool utf8_is_valid(const char *text);

/* A copy with each byte that belongs to no well-formed character replaced by U+FFFD.
 *
 * out  at least 3 * strlen(text) + 1 bytes. */
void utf8_repair(const char *text, char *out);

#endif
