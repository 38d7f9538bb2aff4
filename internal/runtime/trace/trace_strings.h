/* SPDX-License-Identifier: MIT */
/* Strings of a trace, each once in REC_STRINGS as far as the table here goes: names of regions come by the million. */
#ifndef PPROFMK_RUNTIME_TRACE_STRINGS_H
#define PPROFMK_RUNTIME_TRACE_STRINGS_H

#include <stdint.h>

/* Its offset in REC_STRINGS; 0 for "", for NULL, and where there is no room (that is counted). Waits for nothing. Context:
 * inside a trace. */
uint32_t trace_string(const char *text);

/* A new recording: forget them. Context: no trace is on. */
void trace_strings_forget(void);

#endif
