/* SPDX-License-Identifier: MIT */
/* Clocks of CPU time for threads that know nothing of it: made, set and closed by a thread of ours, in its table of descriptors.
 *
 * A thread's clock sends it CPU_SIGNAL: first after a random part of the period, then after each (the reason is in cpu_clock_perf.c).
 * It is perf_event's task clock of user mode, whose signal comes while the thread runs its own code and so interrupts no
 * system call. Where that is refused it is a timer of the thread's CPU time (timer_create), which ticks with the kernel, counts the
 * kernel's time too, and may interrupt a call.
 *
 * Context where nothing else is said: one thread of ours. */
#ifndef PPROFMK_RUNTIME_LIVE_CLOCKS_H
#define PPROFMK_RUNTIME_LIVE_CLOCKS_H

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "format/recording.h"

/* Threads that have a clock at once; the rest have none, and are counted in state.clockless, as are those for which the
 * program's limit of descriptors has no room. */
enum { LIVE_CLOCK_CAP = 1 << 14 };

/* Which clock there is: REC_CLOCK_PERF or REC_CLOCK_TIMER; REC_CLOCK_NONE with *error, a -errno. */
enum rec_clock live_clocks_begin(uint64_t period_ns, int *error);

/* Clocks for all threads of the program that are there, but for those that have one, and none for those that are not. */
void live_clocks_look(void);

void live_clock_add(uint32_t tid);
void live_clock_remove(uint32_t tid);

/* Its first, random period is over. For all: where it is not known of which. */
void live_clock_settle(uint32_t tid);
void live_clocks_settle_all(void);

void live_clocks_end(void);

/* A clock by itself that ticks once, after so much user mode: its descriptor is stored before it can, and is the caller's to close.
 * Nothing is stored where there is none. Context: a thread of ours, also while another one has the clocks above. */
void live_clock_once(uint32_t tid, uint64_t after_ns, _Atomic int *handle);

/* Of a signal: does it come from one of these; and is it the one of the first period, after which a clock stands still until it is
 * settled? Context: any. */
bool live_clock_sent(const siginfo_t *info);
bool live_clock_is_first(const siginfo_t *info);

#endif
