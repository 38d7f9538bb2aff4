/* SPDX-License-Identifier: MIT */
/* Strings and numbers of programs as JSON. */
#ifndef PPROFMK_TOOL_JSON_TEXT_H
#define PPROFMK_TOOL_JSON_TEXT_H

#include <jansson.h>
#include <stdint.h>

/* Names are the program's and need not be UTF-8, which JSON is: where one is not, its bytes above 0x7f are written as \xNN. A
 * new reference. */
json_t *json_text(const char *bytes);

/* A new reference. What is more than 2^63 - 1 is that: the library has no larger ones. */
json_t *json_number(uint64_t value);

#endif
