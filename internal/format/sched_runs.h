/* SPDX-License-Identifier: MIT */
/* What the kernel counts for each thread: how long it ran, and how long it was ready and waited for a CPU
 * (/proc/PID/task/TID/schedstat). Looked up now and then, for those that came to a CPU since. */
#ifndef PPROFMK_FORMAT_SCHED_RUNS_H
#define PPROFMK_FORMAT_SCHED_RUNS_H

#include <stddef.h>
#include <stdint.h>

#include "format/trace_spool.h"

/* Threads looked up at once, at some 5 us each: those that are left over are noted again when they run again. */
enum { SCHED_RUNS_MOST = 1024, SCHED_RUNS_SLOTS = 4 * SCHED_RUNS_MOST };

/* All zero: nothing noted. Used by one thread. */
struct sched_runs {
	struct spool_run items[SCHED_RUNS_MOST];
	size_t count;			  /* noted */
	uint32_t slots[SCHED_RUNS_SLOTS]; /* tids noted; open addressing, 0: free */
	uint64_t next_ns;
};

/* A thread has come to a CPU. */
void sched_runs_note(struct sched_runs *runs, uint32_t tid);

/* Look up what has been noted, where it is time to: the fewer threads, the more often. Only system calls, made directly.
 *
 * pid  0: not known yet, and nothing is looked up.
 *
 * The items are valid until the next call; *count may be 0. */
const struct spool_run *sched_runs_look(struct sched_runs *runs, uint32_t pid, uint64_t now_ns,
					size_t *count);

#endif
