/* SPDX-License-Identifier: MIT */
/* Thread analysis: how long each thread of a trace was in which state, and the same by start function. */
#ifndef PPROFMK_TOOL_TRACE_STAT_H
#define PPROFMK_TOOL_TRACE_STAT_H

#include <stddef.h>
#include <stdint.h>

#include "format/trace_file.h"

/* Nanoseconds in each state (enum trace_state), and their sum. A thread is in exactly one state at a time: no column has
 * what another one has. */
struct trace_stat_times {
	uint64_t ns[TRACE_STATE_COUNT];
	uint64_t total_ns;
};

struct trace_stat_thread {
	uint32_t thread;
	struct trace_stat_times times;
};

/* Threads that were started with one function. */
struct trace_stat_group {
	uint32_t function;   /* string; 0: not known */
	size_t first, count; /* in struct trace_stat's threads */
	struct trace_stat_times times;
};

struct trace_stat {
	uint64_t from_ns, to_ns;
	/* Those that lived in the range; group after group, in each by execution, longest first. */
	size_t thread_count;
	struct trace_stat_thread *threads;
	/* By execution (TRACE_STATE_RUNNING), longest first, then by total. */
	size_t group_count;
	struct trace_stat_group *groups;
	struct trace_stat_times times; /* all */
};

/* What each thread did from from_ns to to_ns. The whole trace (0, its span) is answered from the file's sums: it costs what its
 * number of threads does, not that of its events. A part is counted from the streams.
 *
 * Never NULL; given back with trace_stat_free(). Names are the trace's. */
struct trace_stat *trace_stat_new(const struct trace *trace, uint64_t from_ns, uint64_t to_ns);
void trace_stat_free(struct trace_stat *stat);

#endif
