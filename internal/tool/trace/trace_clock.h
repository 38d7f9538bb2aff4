/* SPDX-License-Identifier: MIT */
/* A trace's ticks as nanoseconds of CLOCK_MONOTONIC: straight lines between the moments at which both were read
 * (struct rec_trace_sync), the first and last of them drawn out. */
#ifndef PPROFMK_TOOL_TRACE_CLOCK_H
#define PPROFMK_TOOL_TRACE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "tool/launch/recording.h"

struct trace_clock {
	struct trace_clock_line {
		uint64_t ticks, ns; /* where it begins */
		uint64_t slope;	    /* ns a tick, times 2^32 */
	} * lines;
	size_t count; /* 0: ticks are nanoseconds */
	size_t last;  /* the line that was used last */
};

/* From the looks at both clocks that the recording has; damaged ones are left out. */
void trace_clock_open(struct trace_clock *clock, const struct recording *recording);
void trace_clock_free(struct trace_clock *clock);

/* Ticks as nanoseconds of CLOCK_MONOTONIC: between two looks in proportion, before the first and behind the last at the rate of the pair that
 * is nearest. */
uint64_t trace_clock_ns(struct trace_clock *clock, uint64_t ticks);

/* The latest moment that was noted; 0: none. */
uint64_t trace_clock_end(const struct recording *recording);

#endif
