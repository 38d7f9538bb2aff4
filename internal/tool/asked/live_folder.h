/* SPDX-License-Identifier: MIT */
/* Where profiles and traces of running programs are: in a folder below that of the tests, which reports leave alone. */
#ifndef PPROFMK_TOOL_LIVE_FOLDER_H
#define PPROFMK_TOOL_LIVE_FOLDER_H

#include <time.h>

/* OUT/live. The caller frees it. */
char *live_folder(const char *out);

/* "127.0.0.1-6060.20261126-181500": what is saved of an address at a time, for Func=. The caller frees it. */
char *live_folder_name(const char *address_name, time_t when);

/* The folder that has a test's or a running program's file STEM.SUFFIX: `out`, or the one for running programs where it is there
 * only. The caller frees it. */
char *live_folder_with(const char *out, const char *func, const char *suffix);

/* Whose trace is the newest one in both folders, NULL: there is none. The caller frees it. */
char *live_folder_newest_trace(const char *out);

#endif
