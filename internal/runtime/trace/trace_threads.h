/* SPDX-License-Identifier: MIT */
/* The threads that take part in traces. */
#ifndef PPROFMK_RUNTIME_TRACE_THREADS_H
#define PPROFMK_RUNTIME_TRACE_THREADS_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/trace/trace.h"

/* The calling thread comes or goes. Context: guard held. */
void trace_threads_add(struct trace_thread *self);
void trace_threads_remove(struct trace_thread *self);

/* Whether one of them is between trace_enter() and trace_leave(). */
bool trace_threads_are_inside(void);

/* A forked child has one thread, and whoever held the lock is not there. */
void trace_threads_forget(void);

/* Call it for every thread that the process has now. */
void trace_threads_each(void (*call)(uint32_t tid));

/* Give items of TRACE_THREADS to all threads of the program that there are now. Context: a trace begins, and none of them can be at
 * an event yet: it would take another item, and be two threads. */
void trace_threads_meet(void);

/* Their lives in the trace begin now: what is before it was needed to record them. */
void trace_threads_begin(void);

/* The item that the thread was given so; NULL: it came later. */
struct rec_trace_thread *trace_threads_met(uint32_t tid);

#endif
