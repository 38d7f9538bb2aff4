/* SPDX-License-Identifier: MIT */
/* The lines before the results that say what was measured on what: "goos: linux", "pkg: lib/codec", ... */
#ifndef PPROFMK_TOOL_BENCH_HEADER_H
#define PPROFMK_TOOL_BENCH_HEADER_H

#include <stdio.h>

#include "tool/suite/catalog.h"

/* Key, what it says. */
#define BENCH_KEYS(X)                                                \
	X(goos, "linux")                                             \
	X(goarch, "amd64, arm64")                                    \
	X(pkg, "the package, or the program's name without one")     \
	X(cpu, "the processor's name as the kernel has it")          \
	X(compiler, "what most of the program was compiled by")      \
	X(flags, "and with which options, where the compiler notes") \
	X(commit, "of the program's folder; -dirty: with changes")

/* Each owned, NULL where it is not known. */
struct bench_header {
#define X(key, what) char *key;
	BENCH_KEYS(X)
#undef X
};

/* package  "" or NULL: there is none */
void bench_header_read(struct bench_header *header, const char *program, const char *package);
void bench_header_free(struct bench_header *header);

/* Print what differs from the header that was printed before; NULL: all. */
void bench_header_print_new(FILE *stream, const struct bench_header *header,
			    const struct bench_header *before);

/* Print all of a program's. */
void bench_header_print(FILE *stream, const char *program, const char *package);

#endif
