/* SPDX-License-Identifier: MIT */
/* The lives of threads as time passes: which one a number of the kernel's means now, where each begins and ends. */
#ifndef PPROFMK_TOOL_TRACE_THREADS_H
#define PPROFMK_TOOL_TRACE_THREADS_H

#include "tool/trace/trace_making.h"

/* Take the threads from the raw trace, and its beginning. */
void trace_threads_read(struct trace_making *making);

/* Begin the lives that, as the runtime has it, start up to a time. Returns when the next one does, UINT64_MAX: none. */
uint64_t trace_threads_begin_until(struct trace_making *making, uint64_t ns);

/* A thread was made, as the kernel has it. */
void trace_threads_made(struct trace_making *making, uint32_t tid, uint64_t ns);

/* The thread that has a number now; NULL: none of the program's, as before the trace begins. */
struct trace_live *trace_threads_of(struct trace_making *making, uint32_t tid, uint64_t ns);

/* Has a thread of that number been seen, or will one be? */
bool trace_threads_is_known(struct trace_making *making, uint32_t tid);

/* The thread that had a number when the trace began in the middle; those that begin then have begun. NULL: none any more. */
struct trace_live *trace_threads_was(struct trace_making *making, uint32_t tid);

/* A thread has ended, as the kernel has it. Its events that are still to come are taken first. */
void trace_threads_end(struct trace_making *making, struct trace_live *live, uint64_t ns);

/* A thread has no more events: where nothing else says when it ends, it does so now. */
void trace_threads_rest(struct trace_making *making, struct trace_live *live);

/* There is no scheduler's record from now on. */
void trace_threads_lose_sched(struct trace_making *making, uint64_t ns);

/* The trace has ended: end all that live. */
void trace_threads_end_all(struct trace_making *making);

#endif
