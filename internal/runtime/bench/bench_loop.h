/* SPDX-License-Identifier: MIT */
/* A benchmark's loop: its batches, its clock, and what is recorded of it. One at a time in a process. */
#ifndef PPROFMK_RUNTIME_BENCH_LOOP_H
#define PPROFMK_RUNTIME_BENCH_LOOP_H

#include <stdbool.h>

#include "runtime/rt.h"

/* A loop begins in the test's thread. Its clock is stopped: bench_loop_run starts it, so that what the caller has to do
 * stays outside.
 *
 * threads  that will run its iterations
 * batches  about how many to measure
 *
 * Returns the iterations of the first batch; 0: there is a loop already, or no room to record one. */
uint64_t bench_loop_open(unsigned threads, uint64_t batches);
void bench_loop_run(void);

/* A batch has ended: stop the clock, and note it. Returns the iterations of the next one, 0: it is enough. */
uint64_t bench_loop_batch(void);

/* The loop has ended, after its last batch or before (then it is marked as left). Nothing when there is none. */
void bench_loop_close(void);

bool bench_loop_is_open(void);

/* The operation is the test's body.
 *
 * is_each_timed  the clock is started and stopped for each call of it */
void bench_loop_is_body(bool is_each_timed);

/* In the middle of a batch, for the program: no effect without a loop. */
void bench_loop_pause(void);
void bench_loop_resume(void);
void bench_loop_reset(void);

/* Iterations measured by the loop that ended last, or so far by this one. */
uint64_t bench_loop_count(void);

/* Loops since the test began. */
unsigned bench_loop_number(void);
void bench_loop_reset_number(void);

#endif
