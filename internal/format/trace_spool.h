/* SPDX-License-Identifier: MIT */
/* The spool: what was taken away from a trace while it was recorded, block after block, until the tool finishes it.
 *
 * In a trace that the tool records it is a file of its own, beside a recording in memory. One that a program records
 * for itself (pprof_trace_start) is one file: the recording, then at header.size_bytes the spool.
 *
 * A block is this head and its payload. A block that is not complete, or has another sum, is the end.
 *
 * Of a flight recorder's the oldest blocks were dropped: SPOOL_CUT says up to when. From then on it is complete; what is there of
 * before is not. */
#ifndef PPROFMK_FORMAT_TRACE_SPOOL_H
#define PPROFMK_FORMAT_TRACE_SPOOL_H

#include <stdint.h>

#define SPOOL_MAGIC UINT32_C(0x6c6f7073) /* "spol" */

enum spool_kind {
	SPOOL_EVENTS = 1, /* the events of a chunk; owner: its thread's item of TRACE_THREADS */
	SPOOL_SCHED,	  /* struct spool_switch, in the order of time; owner: the CPU */
	SPOOL_RUN,	  /* struct spool_run, in the order of time */
	SPOOL_LOST,	  /* struct spool_lost: switches that are not there; owner: the CPU */
	SPOOL_FAULT,	  /* struct spool_fault, in the order of time; owner: the CPU */
	/* struct spool_switch: the last of each thread among the blocks that were dropped, of all CPUs. base: where the spool began
	 * then in its file; 0: it begins there for good */
	SPOOL_WAS,
	SPOOL_CUT, /* struct spool_cut; the last one holds */
};

struct spool_block {
	uint32_t magic;
	uint32_t kind; /* enum spool_kind */
	uint32_t owner;
	uint32_t sequence;   /* EVENTS: the chunk's */
	uint64_t base;	     /* EVENTS: the chunk's base_ticks; WAS: see there */
	uint32_t size_bytes; /* of the payload */
	uint32_t crc;	     /* crc32 (zlib's) of the payload */
};

enum spool_switch_kind {
	SPOOL_SWITCH_IN,
	SPOOL_SWITCH_BLOCKED,
	SPOOL_SWITCH_PREEMPTED,
	SPOOL_SWITCH_BEGIN, /* it was made, and is ready to run; cpu: of who made it */
	SPOOL_SWITCH_END,   /* it ends, and nothing follows of this life of its number */
};

/* A thread of the program came to a CPU, or left it; began, or ended. */
struct spool_switch {
	uint64_t ns; /* CLOCK_MONOTONIC */
	uint32_t tid;
	uint16_t cpu;
	uint16_t kind; /* enum spool_switch_kind */
};

/* What the kernel had counted for a thread by then (/proc/PID/task/TID/schedstat). */
struct spool_run {
	uint64_t ns;
	uint32_t tid;
	uint32_t turns;	  /* how often it came to a CPU, since it began */
	uint64_t cpu_ns;  /* on a CPU, since it began */
	uint64_t wait_ns; /* ready and waiting for one */
};

/* Switches that the kernel dropped, or that nobody took away any more: to_ns is UINT64_MAX then. */
struct spool_lost {
	uint64_t from_ns, to_ns;
	uint64_t count;
};

/* Where a trace begins and ends whose recording began earlier. Times are of CLOCK_MONOTONIC. */
struct spool_cut {
	uint64_t recorded_ns; /* the recording began */
	uint64_t
		begin_ns; /* nothing of later was dropped on purpose; not after recorded_ns: nothing at all */
	uint64_t end_ns;
	int64_t heap_bytes; /* in use at begin_ns, by what was told until then */
};

struct spool_fault {
	uint64_t ns;
	uint32_t tid;
	uint32_t cpu;
	uint64_t address; /* of the data */
	uint64_t ip;
};

#endif
