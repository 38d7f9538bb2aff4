/* SPDX-License-Identifier: MIT */
/* Items of TRACE_THREADS. A flight recorder runs as long as its program, which may start more threads in that time than there are items:
 * those of threads that have ended, and whose events were dropped, are given to new ones.
 *
 * Whoever drops events looks for such items, clears them and puts some in store; who begins a thread takes one when the table is full. An
 * ended thread may go on where a destructor runs behind ours, with its own item if nobody has taken that: both go by
 * end_ticks, by compare and exchange. */
#ifndef PPROFMK_RUNTIME_TRACE_SLOTS_H
#define PPROFMK_RUNTIME_TRACE_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "format/recording.h"

/* An item for a thread: its number, or UINT32_MAX, which is counted. Context: any. */
uint32_t trace_slot_new(void);

/* The thread whose item it is goes on, which had ended at `end_ticks`. False: the item is another one's. */
bool trace_slot_reopen(struct rec_trace_thread *item, uint64_t end_ticks);

/* Nothing of threads that had ended then is kept any more: their items may be used again. Context: the thread that takes chunks away. */
void trace_slots_free(uint64_t before_ticks);

/* A trace begins. */
void trace_slots_forget(void);

#endif
