/* SPDX-License-Identifier: MIT */
/* The events of one thread of a raw trace, one after the other. */
#ifndef PPROFMK_TOOL_TRACE_RAW_EVENTS_H
#define PPROFMK_TOOL_TRACE_RAW_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "format/trace_events.h"
#include "tool/trace/trace_clock.h"
#include "tool/trace/trace_raw.h"

/* As it was recorded, but for its times. */
struct trace_raw_event {
	uint64_t start_ns, end_ns;  /* of CLOCK_MONOTONIC; equal where the type has no duration */
	enum trace_event_type type; /* TRACE_NONE: there is none */
	uint32_t node;
	uint64_t arguments[TRACE_ARGUMENT_MAX];
};

/* All zero, but for raw and parts: at the beginning. */
struct trace_raw_reader {
	const struct trace_raw *raw;
	struct trace_parts parts;
	size_t next_part;
	const uint8_t *at, *end;
	uint64_t ticks, last_ns;
	uint64_t damaged_count; /* chunks whose rest is left out, behind an event that is none */
};

/* The next event; false at the end. Times don't go back: clocks of processors may differ a little. */
bool trace_raw_next(struct trace_raw_reader *reader, struct trace_clock *clock,
		    struct trace_raw_event *event);

#endif
