/* SPDX-License-Identifier: MIT */
/* A trace that a program records of itself: pprof_trace_start() and pprof_trace_stop().
 *
 * The recording is a file, laid out as the tool's with smaller tables and all of it allocated, so that a disk that is full is an
 * error of the start and never a SIGBUS. A thread of ours appends to it what fills up (format/trace_spool.h). Whatever ends
 * the program, the tool makes a trace of the file.
 *
 * The mapping is made once and never given back: a thread that is late by a trace, in whatever of our code, meets memory that is
 * laid out alike. Between traces that is memory that nobody reads. */
#ifndef PPROFMK_RUNTIME_TRACE_SELF_H
#define PPROFMK_RUNTIME_TRACE_SELF_H

#include "format/flight_ring.h"

/* As pprofmk.h says. Context: any thread, not a signal handler. */
int trace_self_start(const char *path);
int trace_self_stop(void);

/* Record the end only, of which traces are written with trace_self_write(); it ends with trace_self_stop().
 *
 * path  of a file that has the recording, and can be read whatever ends the program; NULL: in memory. -ENOTSUP in a program that
 *       is looked at while it runs, whose recording is another one. */
int trace_self_fly(const struct flight_limits *limits, const char *path);

/* trace_write() of it; -ENOENT: there is none. */
int trace_self_write(const char *path);

/* Until no thread is at an event any more: trace_on and trace_waits are off. Gives up after 0.1 s. */
void trace_self_wait_until_outside(void);

#endif
