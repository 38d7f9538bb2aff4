/* SPDX-License-Identifier: MIT */
/* The program's tasks, and which of them each thread is at. */
#ifndef PPROFMK_RUNTIME_TRACE_TASKS_H
#define PPROFMK_RUNTIME_TRACE_TASKS_H

#include <stdint.h>

struct pprof_task;

/* Number of the calling thread's task, from 1; 0: none. */
uint64_t trace_tasks_current(void);

/* A new task, which becomes the calling thread's. NULL: there are too many. Waits for nothing. */
struct pprof_task *trace_tasks_begin(void);

/* Of a task of this trace; 0: it is of an earlier one, or has ended. */
uint64_t trace_tasks_number(const struct pprof_task *task);

/* Its place may be another's from now on. Where it is the calling thread's, the one around it is again. */
void trace_tasks_end(struct pprof_task *task);

/* Make it the calling thread's, NULL: none. Returns the one before. */
struct pprof_task *trace_tasks_use(struct pprof_task *task);

#endif
