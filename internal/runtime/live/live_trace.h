/* SPDX-License-Identifier: MIT */
/* Traces of a program that is looked at while it runs, beside what is counted of it all the time: one of some seconds, when it is asked
 * for, and the flight recorder's. Both are what the thread has that takes events away (trace_drain.h): with a flight recorder on, a trace
 * is a part of that.
 *
 * Context: a thread of ours, or of the program with the guard held; one call at a time. */
#ifndef PPROFMK_RUNTIME_LIVE_TRACE_H
#define PPROFMK_RUNTIME_LIVE_TRACE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "format/flight_ring.h"

/* Whether threads' beginnings and ends are the trace's, too. */
extern __attribute__((visibility("hidden"))) _Atomic bool live_is_traced;

/* As struct live_api has them. */
int live_trace_start(void);
int live_trace_stop(void);
int live_trace_flight(void);

/* Switch the flight recorder on, for good. 0, -EBUSY: it is on, or a trace is recorded; -errno. */
int live_trace_fly(const struct flight_limits *limits);

/* Write what it has to a file: see trace_write(). -ENOENT: it is off. */
int live_trace_write(const char *path);

#endif
