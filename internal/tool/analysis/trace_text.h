/* SPDX-License-Identifier: MIT */
/* Parts of a trace as text for a terminal. Names in a trace are the program's: control characters are shown as \xXX. */
#ifndef PPROFMK_TOOL_TRACE_TEXT_H
#define PPROFMK_TOOL_TRACE_TEXT_H

#include <stdio.h>

#include "format/trace_file.h"

/* "name (tid)", "thread (tid)" of one without a name, "?" for TRACE_NO_THREAD. The caller frees it. */
char *trace_text_thread(const struct trace *trace, uint32_t thread);

/* What a thread was started with, "?" where it is not known. The caller frees it. */
char *trace_text_function(const struct trace *trace, uint32_t thread);

/* "mutex 0x7f…", "" for TRACE_NO_OBJECT. The caller frees it. */
char *trace_text_object(const struct trace *trace, uint32_t object);

/* The first `max` frames of a stack, leaf first: "lock (a.c:3) < work (a.c:10) < ...". Files below `cwd` (NULL: none) as they
 * would be typed there. "" for stack 0. The caller frees it. */
char *trace_text_stack(const struct trace *trace, uint32_t stack, size_t max, const char *cwd);

/* "1.50ms". The caller frees it. */
char *trace_text_time(uint64_t ns);

#endif
