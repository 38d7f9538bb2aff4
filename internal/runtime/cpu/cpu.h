/* SPDX-License-Identifier: MIT */
/* The cpu recorder's parts: sampling (cpu.c) and the two clocks that pace it. */
#ifndef PPROFMK_RUNTIME_CPU_H
#define PPROFMK_RUNTIME_CPU_H

#include <signal.h>
#include <stdbool.h>

#include "runtime/rt.h"

/* The signal of both clocks. One that no kernel has sent for decades and no program listens to, so that programs with a
 * profiling timer of their own (SIGPROF) keep it. Not a realtime one: these are queued, and a slow handler could make
 * the kernel fall back to SIGIO. */
#define CPU_SIGNAL SIGSTKFLT

/* Take one sample of the interrupted code. Context: a signal handler of the thread. */
void cpu_sample(const void *ucontext);

/* perf_event's task clock, one a thread, counting user mode only: it fires while the thread runs user code, so
 * its signal can't interrupt a system call. clock_perf_probe: 0 or -errno;
 * clock_perf_begin: false when this thread gets none. */
int clock_perf_probe(void);
bool clock_perf_begin(struct rt_thread *thread);
void clock_perf_settle(struct rt_thread *thread); /* after each sample, in the signal handler */
void clock_perf_end(struct rt_thread *thread);

/* The event behind it, of any thread of the process (0: the calling one): a descriptor, -1 and errno. is_disabled: it does not run
 * yet. */
long clock_perf_open(uint32_t tid, uint64_t period_ns, bool is_disabled);

/* A thread's first period, 1..period_ns: splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014) of
 * what differs between threads. */
uint64_t clock_phase(uint32_t tid, uint64_t period_ns);

/* gperftools' timer, where perf_event is refused: ticks at the kernel's rate (CONFIG_HZ) at most, and may interrupt
 * a system call. Returns NULL or why it can't.
 *
 * clock_gperftools_begin: false when this thread gets none: there are 200 at a time. */
const char *clock_gperftools_start(unsigned hz);
bool clock_gperftools_begin(struct rt_thread *thread);
void clock_gperftools_end(struct rt_thread *thread);

/* Keep CPU_SIGNAL ours: from now on the program can neither block it nor replace its handler; both look to it as if
 * it could, and its own handler gets the signals that are not the clock's. Only handlers on an alternate stack (SA_ONSTACK) have it
 * blocked while they run, where one is small: it may have no room for another frame.
 *
 * handler  is installed; NULL: one is already. */
void cpu_signal_own(void (*handler)(int, siginfo_t *, void *));

/* A thread has an alternate stack that has no room for a frame of ours: from now on handlers on such stacks are not interrupted. */
void cpu_signal_spare_stacks(void);

/* Let CPU_SIGNAL through to the calling thread, which may have been started with it blocked (pthread_attr_setsigmask_np). */
void cpu_signal_admit(void);

/* The program's own disposition, for signals that are not the clock's. */
void cpu_signal_forward(int number, siginfo_t *info, void *ucontext);

#endif
