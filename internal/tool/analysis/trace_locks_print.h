/* SPDX-License-Identifier: MIT */
/* Locks and other objects that threads waited for, as text and JSON. What was lost is not said here; see trace_lost.h. */
#ifndef PPROFMK_TOOL_TRACE_LOCKS_PRINT_H
#define PPROFMK_TOOL_TRACE_LOCKS_PRINT_H

#include <stdio.h>

#include "tool/analysis/trace_locks.h"

/* The first `number` of them: a table, then for each who waited where, and who held it where (of others than locks: who ended
 * the wait). */
void trace_locks_print(FILE *stream, const struct trace *trace, const struct trace_locks *locks,
		       size_t number);

/* All of them as one object; what it has is in docs/pprof.trace.locks.md. */
void trace_locks_print_json(FILE *stream, const struct trace *trace,
			    const struct trace_locks *locks);

#endif
