/* SPDX-License-Identifier: MIT */
/* The thread that takes away what a program's own trace fills up, and appends it to the file. */
#ifndef PPROFMK_RUNTIME_TRACE_DRAIN_H
#define PPROFMK_RUNTIME_TRACE_DRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "format/flight_ring.h"

/* Start it. It has a descriptor table of its own where the kernel allows that: what the program closes or opens is none of its
 * business, nor the other way round.
 *
 * fd      of the file to append to; the thread's from now on.
 * first   where in the file.
 * flight  only so much of the end is wanted; NULL: all, up to 1 GiB.
 *
 * Returns 0 or -errno; the descriptor is closed then. */
int trace_drain_start(int fd, uint64_t first, const struct flight_limits *flight);

/* The trace's time has begun: take away from now on. Context: trace_drain_start() has returned 0. */
void trace_drain_begin(void);

/* Take what is left, and end it. Context: no thread writes events any more. */
void trace_drain_stop(void);

/* A forked child has no such thread. */
void trace_drain_forget(void);

#endif
