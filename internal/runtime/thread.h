/* SPDX-License-Identifier: MIT */
/* The threads of the process: where each begins and ends, and its slot in REC_THREADS. */
#ifndef PPROFMK_RUNTIME_THREAD_H
#define PPROFMK_RUNTIME_THREAD_H

#include "runtime/rt.h"

/* Once, while attaching, before the first rt_thread_self(); not where a recording has no use for threads. */
void thread_init(void);

/* Once, behind that: keep an item of REC_THREADS for all that find no other. A recorder whose figures threads may add to together
 * then loses none of a program that has a name for each of its threads. */
void thread_share_rest(void);

/* Are threads followed from where they begin? */
bool thread_is_followed(void);

/* Note the names that threads have by now (they may have been set by prctl, which we do not see). */
void thread_note_names(void);

/* The registers that another thread has left in the wrapper that it waits in. False: none. Context: not a signal handler. */
bool thread_waits_at(uint32_t tid, struct stack_regs *regs);

/* The calling thread is one of ours, from here to thread_own_end(): nothing that it does is recorded. Those that are started
 * with the guard held are, and in turn those that they start. */
void thread_own_begin(void);
void thread_own_end(void);
bool thread_is_own(uint32_t tid);

#endif
