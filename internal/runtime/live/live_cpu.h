/* SPDX-License-Identifier: MIT */
/* A cpu profile of a running program, when it is asked for.
 *
 * A thread of ours, the watcher, gives every thread a clock and looks after them: threads that begin and end say so in a ring and wake it. What
 * threads do in the 0.1 ms or so until theirs is there is not sampled. */
#ifndef PPROFMK_RUNTIME_LIVE_CPU_H
#define PPROFMK_RUNTIME_LIVE_CPU_H

#include "runtime/rt.h"

/* Once, when the recording begins: CPU_SIGNAL is ours from then on. */
void live_cpu_init(void);

/* As live.h says. Context: a thread of ours, one at a time. */
int live_cpu_start(unsigned hz);
int live_cpu_stop(void);

/* The calling thread begins or ends. Context: guard held. */
void live_cpu_thread_begin(const struct rt_thread *thread);
void live_cpu_thread_end(const struct rt_thread *thread);

#endif
