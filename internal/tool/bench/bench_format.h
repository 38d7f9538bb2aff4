/* SPDX-License-Identifier: MIT */
/* Results as `go test -bench -benchmem` prints them, to the letter. */
#ifndef PPROFMK_TOOL_BENCH_FORMAT_H
#define PPROFMK_TOOL_BENCH_FORMAT_H

#include <stdio.h>

#include "tool/bench/bench_result.h"

/* One line. name_width: columns that the name is padded to. */
void bench_print(FILE *stream, const struct bench_result *result, size_t name_width);

/* A value and its unit, in a width and with the digits that Go gives it. */
void bench_print_value(FILE *stream, double value, const char *unit);

#endif
