/* SPDX-License-Identifier: MIT */
/* The stacks of a trace as locations of a profile. */
#ifndef PPROFMK_TOOL_TRACE_LOCATIONS_H
#define PPROFMK_TOOL_TRACE_LOCATIONS_H

#include "format/profile.h"
#include "tool/analysis/trace_stretch.h"

struct trace_locations {
	const struct trace *trace;
	struct profile *profile;
	/* private */
	uint64_t *limit_of; /* [string of a module]: beyond its highest address */
	uint64_t *ids;
	size_t id_cap;
	struct profile_line *lines;
	size_t line_cap;
};

/* `profile` gets mappings, functions and locations as they are asked for; the program's mapping is the first. */
struct trace_locations *trace_locations_new(const struct trace *trace, struct profile *profile);
void trace_locations_free(struct trace_locations *locations);

/* A part of a stack, leaf first: ids of locations, valid until the next call.
 *
 * function  string: where nothing but the thread's start function is known, that is the only frame; 0: "?" */
uint64_t *trace_locations_of(struct trace_locations *locations, struct trace_part part,
			     uint32_t function, size_t *count);

#endif
