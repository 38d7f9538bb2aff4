/* SPDX-License-Identifier: MIT */
/* Who ran when, for a program that records itself: the kernel's record of its own threads' switches and page faults
 * (format/perf_ring.h), and what it counts for them (format/sched_runs.h).
 *
 * An event inherits to threads that are begun later; those there are need two each, for each CPU. Beyond so many descriptors the
 * rest of the threads is left out, and so are all where the kernel refuses: the recording says so. */
#ifndef PPROFMK_RUNTIME_TRACE_SWITCHES_H
#define PPROFMK_RUNTIME_TRACE_SWITCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/trace_spool.h"

/* Where blocks go. */
typedef void trace_switches_store(enum spool_kind kind, uint32_t owner, const void *payload,
				  size_t size_bytes);

/* Watch all threads but ours. */
void trace_switches_open(trace_switches_store *store);

/* Take what there is. is_last: also what is less than a block. Returns whether there was so much that the next look has to be soon. */
bool trace_switches_take(bool is_last);

void trace_switches_close(void);

#endif
