/* SPDX-License-Identifier: MIT */
/* The stacks of all threads, now, without a thread noticing: none is stopped, and no system call of it ends for us.
 *
 * - One that waits is read from outside. The kernel says where its stack is (live_task.h). Where that is not enough to find the way
 *   (code with frame pointers), or it says nothing (of a process that is not dumpable), the wrapper that it waits in has left its
 *   registers (rt_thread.waits_at). What was read counts only if the thread has not run meanwhile.
 * - One that runs gets a clock of user mode that ticks once, soon, and takes its stack itself, in its own code. Where perf_event is
 *   refused it is asked again until it waits.
 *
 * Who does neither in time (it runs in the kernel all the while, or does not get a processor) has no stack. */
#ifndef PPROFMK_RUNTIME_LIVE_STACKS_H
#define PPROFMK_RUNTIME_LIVE_STACKS_H

#include <signal.h>
#include <stdbool.h>

/* As live.h says: items of THREADS are the threads' own, in the order of SAMPLES; one without a stack has node 0. -EBUSY: they are
 * being taken. Context: a thread of ours. */
int live_stacks(unsigned patience_ms);

/* CPU_SIGNAL has come: true where it was one of these clocks. Context: the handler. */
bool live_stacks_sample(const siginfo_t *info, const void *ucontext);

#endif
