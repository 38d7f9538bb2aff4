/* SPDX-License-Identifier: MIT */
/* The wanted test as a benchmark: what the hook calls, and the two ways to run its loops. */
#ifndef PPROFMK_RUNTIME_BENCH_H
#define PPROFMK_RUNTIME_BENCH_H

#include <stdbool.h>
#include <stdint.h>

/* Is the present recording that of a benchmark? */
bool bench_is_on(void);

/* The wanted test's runs begin. */
void bench_begin(void);

/* Run the test's body once as its runs go on: the first time as it is, which measures the loops in it. When it turns out to
 * have none, the body is the operation of the runs that follow: of one of them, which calls it in a loop, where that
 * is the same for it; otherwise of as many as are needed.
 *
 * has_fixtures  there is something to be done before or after each call of the body
 *
 * An assertion that fails leaves it by longjmp; bench_body_end has to follow in any case. */
void bench_body(void (*body)(void **state), void **state, bool has_fixtures);
void bench_body_end(void);

/* No further run is needed. */
bool bench_is_done(void);

/* pprof_bench_parallel in the test's thread: threads that share a loop. Without a PPROF_BENCH_LOOP in `body` nothing is
 * measured. */
void bench_parallel(unsigned threads, void (*body)(void *argument), void *argument);

/* The calling thread is one of these; its part in the loop. */
bool bench_is_worker(void);
uint64_t bench_worker_begin(void);
uint64_t bench_worker_next(void);
void bench_worker_end(void);

#endif
