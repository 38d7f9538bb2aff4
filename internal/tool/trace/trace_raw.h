/* SPDX-License-Identifier: MIT */
/* A trace as it was recorded: the recording, the spool, and where in them each thread's and each CPU's part is. Events are not
 * copied; what is not sound is passed over.
 *
 * Where the trace begins in the middle of the recording (struct spool_cut), threads that had ended by then are none of it: those
 * that are have other numbers here than in the recording. */
#ifndef PPROFMK_TOOL_TRACE_RAW_H
#define PPROFMK_TOOL_TRACE_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/trace_spool.h"
#include "tool/launch/recording.h"

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
	uint64_t spool_at;    /* where it begins in its file */
	size_t damaged_bytes; /* of the spool, behind its last sound block; half a block is where the program was killed, and counts not */
	bool is_own;	      /* see trace_raw_open() */
	int spool_fd; /* of the spool's file, where what has been read is to be given back to the disk; -1: it stays */
	struct spool_cut cut;	  /* begin_ns 0: it has all that was recorded */
	struct spool_switch *was; /* what threads were doing at the cut, as far as it was dropped */
	size_t was_count;
	const struct rec_trace_thread **threads; /* of the recording */
	uint32_t *
		numbers; /* of the recording's threads in `threads`, plus 1; 0: it is none of them */
	size_t recorded_count; /* threads of the recording */
	uint32_t main;	       /* the process's first thread; UINT32_MAX: it has ended */
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
 * spool_at  where it begins in its file, which is mapped in whole pages; 0 where there is none.
 * is_own  it is the mapping of a file that we wrote ourselves: nothing can have happened to it, and what has been read of it need not
 *         stay in memory. */
void trace_raw_open(struct trace_raw *raw, const struct recording *recording, const void *spool,
		    size_t spool_bytes, uint64_t spool_at, bool is_own);
void trace_raw_free(struct trace_raw *raw);

/* What the recording has as the number of a thread, plus 1, as one of ours; 0: none. */
static inline uint32_t trace_raw_thread(const struct trace_raw *raw, uint64_t number)
{
	return number != 0 && number <= raw->recorded_count ? raw->numbers[number - 1] : 0;
}

/* Where the first of the runs of a thread is at or behind a time, or would be. */
size_t trace_raw_run_find(const struct trace_raw *raw, uint32_t tid, uint64_t ns);

/* A part has been read, and will not be again. */
void trace_raw_give_back(const struct trace_raw *raw, const struct trace_part *part);

#endif
