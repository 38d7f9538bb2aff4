/* SPDX-License-Identifier: MIT */
/* What the scheduler did, applied to the threads: whose time begins and ends, who is on which CPU. */
#ifndef PPROFMK_TOOL_TRACE_SWITCHES_H
#define PPROFMK_TOOL_TRACE_SWITCHES_H

#include "tool/trace/trace_making.h"

/* One CPU's record. */
struct trace_switches {
	const struct trace_raw *raw;
	struct trace_parts parts;
	uint32_t cpu;
	size_t part, offset; /* of the next item */
	/* The next item; kind 0: there is none. */
	uint32_t kind; /* SPOOL_SCHED, SPOOL_LOST or SPOOL_FAULT */
	union {
		struct spool_switch sched;
		struct spool_lost lost;
		struct spool_fault fault;
	} next;
	/* Who is on the CPU: TRACE_NO_THREAD for none of the program's. */
	uint32_t thread;
	uint64_t since_ns;
};

/* At the beginning of these parts of a raw trace. */
void trace_switches_begin(struct trace_switches *switches, const struct trace_raw *raw,
			  struct trace_parts parts, uint32_t cpu);

/* Go on to the next item. Returns when it is, of CLOCK_MONOTONIC; UINT64_MAX: there is none. */
uint64_t trace_switches_next(struct trace_switches *switches);

/* Apply the present item, at a time of the trace. */
void trace_switches_apply(struct trace_making *making, struct trace_switches *switches,
			  uint64_t ns);

/* The trace ends. */
void trace_switches_end(struct trace_making *making, struct trace_switches *switches, uint64_t ns);

#endif
