/* SPDX-License-Identifier: MIT */
/* What every analysis of a trace says in JSON. */
#ifndef PPROFMK_TOOL_TRACE_JSON_H
#define PPROFMK_TOOL_TRACE_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "format/trace_file.h"

/* A new object that has `schema`, `lost`, and what the trace is of. */
json_t *trace_json_new(const struct trace *trace, int schema, uint64_t from_ns, uint64_t to_ns);

/* A stack as an array of {function, file, line}, leaf first. A new reference. */
json_t *trace_json_stack(const struct trace *trace, uint32_t stack);

/* A thread as {thread, tid, name}, null for TRACE_NO_THREAD. A new reference. */
json_t *trace_json_thread(const struct trace *trace, uint32_t thread);

/* Print it with a newline behind, and give it back. */
void trace_json_print(FILE *stream, json_t *root);

#endif
