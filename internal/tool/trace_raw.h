/* SPDX-License-Identifier: MIT */
/* A trace as it was recorded: the recording, the spool, and where in them each thread's and each CPU's part is. Nothing is
 * copied; what is not sound is passed over. */
#ifndef PPROFMK_TOOL_TRACE_RAW_H
#define PPROFMK_TOOL_TRACE_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/trace_spool.h"
#include "tool/recording.h"

/* A run of bytes of the spool or the recording. */
struct trace_part {
	const uint8_t *bytes;
	uint64_t base;	   /* events: base_ticks */
	uint32_t size;	   /* bytes */
	uint32_t sequence; /* events: the chunk's; others: enum spool_kind */
};

/* The parts of one owner, in their order. */
struct trace_parts {
	const struct trace_part *items;
	size_t count;
};

struct trace_raw {
	const struct recording *recording;
	const uint8_t *spool;
	size_t spool_bytes;
	uint64_t cut_bytes; /* of the spool, behind the last sound block */
	bool is_own;	    /* see trace_raw_open() */
	int spool_fd; /* of the spool's file, where what has been read is to be given back to the disk; -1: it stays */
	size_t thread_count, cpu_count;
	struct trace_parts *events;   /* by thread */
	struct trace_parts *switches; /* by CPU: SPOOL_SCHED and SPOOL_LOST */
	struct trace_parts *faults;   /* by CPU */
	struct spool_run *runs;	      /* sorted by tid, then time */
	size_t run_count;
	struct trace_part *parts; /* private: of all of these */
};

/* The spool is mapped or copied by the caller, and has to stay. `recording` too.
 *
 * is_own  it is the mapping of a file that we wrote ourselves: nothing can have happened to it, and what has been read of it need not
 *         stay in memory. */
void trace_raw_open(struct trace_raw *raw, const struct recording *recording, const void *spool,
		    size_t spool_bytes, bool is_own);
void trace_raw_free(struct trace_raw *raw);

/* Where the first of the runs of a thread is at or behind a time, or would be. */
size_t trace_raw_run_find(const struct trace_raw *raw, uint32_t tid, uint64_t ns);

/* A part has been read, and will not be again. */
void trace_raw_give_back(const struct trace_raw *raw, const struct trace_part *part);

#endif
