/* SPDX-License-Identifier: MIT */
/* The strings, frames and stacks of a trace that is being written: equal ones are one. */
#ifndef PPROFMK_FORMAT_TRACE_NAMES_H
#define PPROFMK_FORMAT_TRACE_NAMES_H

#include "base/set.h"
#include "format/trace_file.h"

struct trace_names {
	char *bytes; /* the strings, each with its zero */
	size_t bytes_len, bytes_cap;
	uint32_t *string_ends, *frame_lists, *stack_ends;
	struct trace_frame *frames;
	size_t string_len, string_cap, list_len, list_cap, stack_len, stack_cap, frame_len,
		frame_cap;
	struct set strings, stacks, frame_set;
};

/* With string 0, "", and stack 0, none. */
void trace_names_init(struct trace_names *names);
void trace_names_free(struct trace_names *names);

/* Numbers. What does not fit 32 bits any more becomes 0. */
uint32_t trace_names_string(struct trace_names *names, const char *text);
uint32_t trace_names_frame(struct trace_names *names, const struct trace_frame *frame);
uint32_t trace_names_stack(struct trace_names *names, const uint32_t *frames, size_t count);

#endif
