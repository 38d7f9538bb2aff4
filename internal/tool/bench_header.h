/* SPDX-License-Identifier: MIT */
/* The lines before the results that say what was measured on what: "goos: linux", "pkg: lib/codec", ... */
#ifndef PPROFMK_TOOL_BENCH_HEADER_H
#define PPROFMK_TOOL_BENCH_HEADER_H

#include <stdio.h>

#include "tool/catalog.h"

/* Print goos, goarch, pkg, cpu, compiler, flags and commit of a test's program, each where it is known.
 *
 * package  for pkg; "" or NULL: the program's name. */
void bench_header_print(FILE *stream, const char *program, const char *package);

#endif
