/* SPDX-License-Identifier: MIT */
/* The stacks and functions of a recording as those of a finished trace. */
#ifndef PPROFMK_TOOL_TRACE_STACKS_H
#define PPROFMK_TOOL_TRACE_STACKS_H

#include "format/trace_file.h"
#include "tool/launch/recording.h"
#include "tool/sym/sym.h"

struct trace_stacks;

/* All of these are the caller's and have to stay. */
struct trace_stacks *trace_stacks_new(const struct recording *recording, struct sym *sym,
				      struct trace_writer *writer);
void trace_stacks_free(struct trace_stacks *stacks);

/* The stack of a node, 0 for none. */
uint32_t trace_stack_of(struct trace_stacks *stacks, uint32_t node);

/* The string that names a function by its address; 0 where there is none. */
uint32_t trace_function_of(struct trace_stacks *stacks, uint64_t address);

#endif
