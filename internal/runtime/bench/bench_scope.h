/* SPDX-License-Identifier: MIT */
/* Which benchmark is meant: the test, or the innermost PPROF_BENCH_SUB around; its item in the recording and what the
 * program says of it. Context: the test's own thread. */
#ifndef PPROFMK_RUNTIME_BENCH_SCOPE_H
#define PPROFMK_RUNTIME_BENCH_SCOPE_H

#include "runtime/rt.h"

/* The test begins: outside of any sub-benchmark. */
void bench_scope_reset(void);

/* A sub-benchmark begins and ends. Its name is copied, cut where all names together are longer than 512 bytes; 15 are told apart inside
 * each other. */
void bench_scope_enter(const char *name);
void bench_scope_leave(void);

/* The item of the benchmark here, made when it is first asked for. NULL when the table is full.
 *
 * is_fresh  a loop begins: one that has had a loop already gets another item */
struct rec_bench *bench_scope_item(bool is_fresh);

/* Number of an item in BENCHES, plus 1, as struct rec_batch and rec_metric have it. */
uint32_t bench_scope_number(const struct rec_bench *item);

/* Note a metric of the item; one of the same unit is replaced. A unit that the format can't hold is refused with a
 * message. */
void bench_scope_metric(const char *unit, double value);

#endif
