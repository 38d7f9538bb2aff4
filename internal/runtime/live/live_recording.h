/* SPDX-License-Identifier: MIT */
/* The recording of a program that is looked at while it runs (REC_KIND_LIVE): memory of the program's own, filled from
 * live_begin() to its end, of which snapshots are taken.
 *
 * Bounded: what does not fit the tables below is dropped and counted, and memory is only used where something was stored. With
 * all of them full it is 40 MB, and while a trace is recorded 25 more. */
#ifndef PPROFMK_RUNTIME_LIVE_RECORDING_H
#define PPROFMK_RUNTIME_LIVE_RECORDING_H

#include "format/recording.h"

/* Room for 500,000 different frames of stacks. Their index has a table for each power of two up to 2^5 * 2^13, which are
 * 63 * 2^13 nodes and twice as many entries: see stack_nodes.c. */
#define LIVE_NODES (UINT32_C(63) << 13)

/* Items of each table that is in use. Threads are names, and threads alive at once that have the same. */
#define LIVE_TABLES(X)                \
	X(STRINGS, 1u << 20)          \
	X(MAPPINGS, 1u << 12)         \
	X(THREADS, 1u << 12)          \
	X(NODES, LIVE_NODES)          \
	X(NODE_INDEX, LIVE_NODES * 2) \
	X(SAMPLES, 1u << 20)          \
	X(SITES, 1u << 16)            \
	X(WAITS, 1u << 17)            \
	X(TRACE_THREADS, 1u << 16)    \
	X(TRACE_SYNCS, 1u << 12)      \
	X(TRACE_CHUNK_STATES, 1024)   \
	X(TRACE_CHUNKS, 1024)

/* Begin: from now on waits are counted and allocations sampled, and the process's memory has the recording.
 *
 * Returns 0, also where it has begun already; -EBUSY in a process that records for the tool or a trace of its own; -ENOTSUP
 * in the child of one that has begun; -ENOMEM. Context: any thread, one at a time, not a signal handler. */
int live_begin(void);

/* Has it, in this process? Or in the one that this is the child of? */
bool live_has_begun(void);
bool live_has_begun_above(void);

#endif
