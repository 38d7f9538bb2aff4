/* SPDX-License-Identifier: MIT */
/* The thread that takes away what a program's own trace fills up, and appends it to the file. */
#ifndef PPROFMK_RUNTIME_TRACE_DRAIN_H
#define PPROFMK_RUNTIME_TRACE_DRAIN_H

/* Start it. fd: of the file, whose recording is rt_rec. Returns 0 or -errno. */
int trace_drain_start(int fd);

/* The trace's time has begun: take away from now on. Context: trace_drain_start() has returned 0. */
void trace_drain_begin(void);

/* Take what is left, and end it. Context: no thread writes events any more. */
void trace_drain_stop(void);

/* A forked child has no such thread. */
void trace_drain_forget(void);

#endif
