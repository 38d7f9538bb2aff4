/* SPDX-License-Identifier: MIT */
/* Numbers as people read them, the way pprof writes them. */
#ifndef PPROFMK_TOOL_HUMAN_H
#define PPROFMK_TOOL_HUMAN_H

#include <stddef.h>
#include <stdint.h>

/* Enough for every result. */
#define HUMAN_SIZE 32

/* A value with the largest unit that leaves at least 1, and two decimals unless they are 00.
 *
 * unit  "nanoseconds" (ns us ms s mins hrs), "bytes" (B kB MB GB TB PB, steps of 1024); any other one is a count and
 *       is written in full, without a unit.
 *
 * 1500000 nanoseconds is "1.50ms", 2048 bytes "2kB", 0 is "0". Returns out. */
const char *human_value(char *out, size_t out_size, int64_t value, const char *unit);

/* part/whole as "12.34%"; "0%" when whole is 0. Returns out. */
const char *human_percent(char *out, size_t out_size, int64_t part, int64_t whole);

#endif
