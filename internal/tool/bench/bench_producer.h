/* SPDX-License-Identifier: MIT */
#ifndef PPROFMK_TOOL_BENCH_PRODUCER_H
#define PPROFMK_TOOL_BENCH_PRODUCER_H

/* What a program was compiled by, and with which options, as its own debug information (DW_AT_producer) has it of most of
 * its units. gcc notes its options always, clang with -grecord-command-line. NULL where it does not say; the caller
 * frees both. */
void bench_producer_read(const char *program, char **compiler, char **flags);

#endif
