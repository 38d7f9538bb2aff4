/* SPDX-License-Identifier: MIT */
/* A thread of a raw trace while its time is passed through: where its events, states and waits stand. */
#ifndef PPROFMK_TOOL_TRACE_LIVE_H
#define PPROFMK_TOOL_TRACE_LIVE_H

#include "format/trace_file.h"
#include "tool/trace/trace_raw_events.h"
#include "tool/trace/trace_wakes.h"

/* What the scheduler's record says of it. */
enum trace_sched {
	TRACE_SCHED_NONE,    /* there is no record, or no more */
	TRACE_SCHED_FRESH,   /* nothing yet */
	TRACE_SCHED_UNKNOWN, /* there is a hole in it */
	TRACE_SCHED_MADE,    /* it was made, and did not run yet */
	TRACE_SCHED_RUNNING,
	TRACE_SCHED_PREEMPTED,
	TRACE_SCHED_BLOCKED,
};

/* A region that has begun. */
struct trace_open_region {
	uint64_t start_ns, task;
	uint32_t name; /* string of the finished trace */
};

/* How long it waited for a CPU, on average, each time between two looks at what the kernel counts. */
struct trace_budget {
	size_t first, next,
		end; /* of the raw trace's runs; next: the look that ends this stretch */
	bool is_open;
	bool is_whole;	/* the thread began in the trace: up to the first look is a stretch, too */
	double wait_ns; /* of this stretch, not given out yet */
	double turns;	/* that are still to come in it */
	double mean_ns; /* of the stretch before, where it had many */
};

struct trace_live {
	uint32_t thread;
	/* Its events: times are those of the finished trace. `next` is the first that has not ended yet, TRACE_NONE: there
	 * is none; one whose end was never written ends at UINT64_MAX. */
	struct trace_raw_reader reader;
	struct trace_raw_event next;
	uint32_t call_slot; /* private of trace_calls.h: +1, 0: it is in none */
	/* Its states: written up to `since_ns`. */
	enum trace_sched sched;
	uint64_t since_ns;
	uint32_t cpu;
	struct trace_state_item held; /* the last one, which may go on; start_ns == end_ns: none */
	struct trace_wake_item
		wake; /* who ended the wait that `next` is; ns 0 and no thread: not known */
	struct trace_budget budget;
	struct trace_open_region *regions;
	size_t region_count, region_cap;
};

#endif
