/* SPDX-License-Identifier: MIT */
/* What code a thread was in while nothing recorded says so.
 *
 * A trace has no samples: stacks are known at events. Time between two of them counts for what both stacks have in common, counted
 * from the root, without the calls that the events were: there the thread was at both moments. What it did in between it did there, or in
 * something called from there; or it had left and come back, by the same way, for the next event.
 *
 * Example: main calls parse, which reads a file at 1 ms, then calls parse again, which writes to one at 5 ms. The 4 ms
 * between are main's, who knows what of it parse took. Had both been in one call of parse, they would be parse's. */
#ifndef PPROFMK_TOOL_TRACE_STRETCH_H
#define PPROFMK_TOOL_TRACE_STRETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/trace_file.h"

/* Frames of a stack from the root up to a place: trace_stack()'s from number `skip` on. */
struct trace_part {
	uint32_t stack; /* 0: only what the thread was started with is known */
	uint32_t skip;
};

/* A piece of a thread's state during which what is known of its stack does not change. */
struct trace_stretch {
	uint64_t start_ns, end_ns;
	struct trace_state_item item; /* that it is a piece of */
	struct trace_part part;
};

struct trace_stretches;

/* Walk the pieces of a thread's states from from_ns to to_ns, in order. Pieces begin and end in the range. Blocked states have
 * their own stack where one was recorded. Two cursors (see trace_file.h). Never NULL. */
struct trace_stretches *trace_stretches_new(const struct trace *trace, uint32_t thread,
					    uint64_t from_ns, uint64_t to_ns);
void trace_stretches_free(struct trace_stretches *stretches);

/* False after the last. */
bool trace_stretch_next(struct trace_stretches *stretches, struct trace_stretch *stretch);

/* The frames of a part, leaf first. NULL, *count 0, for stack 0. */
const uint32_t *trace_part_frames(const struct trace *trace, struct trace_part part, size_t *count);

#endif
