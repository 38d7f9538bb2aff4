/* SPDX-License-Identifier: MIT */
/* A finished trace while it is made: what the parts of trace_finish.h share. */
#ifndef PPROFMK_TOOL_TRACE_MAKING_H
#define PPROFMK_TOOL_TRACE_MAKING_H

#include "format/trace_file.h"
#include "tool/trace/trace_calls.h"
#include "tool/trace/trace_lives.h"
#include "tool/trace/trace_queue.h"
#include "tool/trace/trace_raw.h"
#include "tool/trace/trace_stacks.h"
#include "tool/trace/trace_wakes.h"

struct trace_making {
	const struct trace_raw *raw;
	struct trace_clock clock;
	struct trace_writer *writer;
	struct trace_stacks *stacks;
	struct trace_wakes *wakes;
	struct trace_calls *calls;
	struct trace_lives lives;
	struct trace_queue queue;
	uint64_t origin_ns; /* CLOCK_MONOTONIC of the trace's time 0 */
	uint64_t turn_ns;   /* what coming to a CPU costs: see trace_turns.h */
	uint64_t last_ns;   /* the latest time seen, of the trace */
	bool has_sched;	    /* there is a scheduler's record, and it has not ended */
	int64_t heap_bytes;
	uint64_t events, lost_switches;
	uint32_t faults;
};

/* No trace is longer: a year. Damaged times are. */
#define TRACE_MAKING_MOST_NS (UINT64_C(1) << 55)

/* A time of CLOCK_MONOTONIC as one of the trace; what was before it is its beginning. */
static inline uint64_t trace_making_ns(const struct trace_making *making, uint64_t ns)
{
	if (ns <= making->origin_ns)
		return 0;
	ns -= making->origin_ns;
	return ns < TRACE_MAKING_MOST_NS ? ns : TRACE_MAKING_MOST_NS;
}

#endif
