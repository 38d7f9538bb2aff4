/* SPDX-License-Identifier: MIT */
/* A copy of the live recording that nobody writes to: the items that are there, without SAMPLES and the index of nodes. */
#ifndef PPROFMK_RUNTIME_LIVE_SNAPSHOT_H
#define PPROFMK_RUNTIME_LIVE_SNAPSHOT_H

#include "format/recording.h"

/* Returns a memfd in the calling thread's table of descriptors, or -errno. Waits for no thread of the program: what it counts
 * meanwhile is in the copy or not, but for a count that is there and its time not yet. Context: a thread of ours. */
int live_snapshot(void);

/* The same with SAMPLES. */
int live_snapshot_with_samples(void);

/* With these in place of THREADS and SAMPLES, and no WAITS and SITES. */
int live_snapshot_of(const struct rec_thread *threads, const struct rec_sample *samples,
		     uint32_t count);

#endif
