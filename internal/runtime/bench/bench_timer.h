/* SPDX-License-Identifier: MIT */
/* A benchmark's clock: the time, and the kernel's counters, while it runs. It opens and leaves the window as it
 * starts and stops: what is not timed is in no profile. */
#ifndef PPROFMK_RUNTIME_BENCH_TIMER_H
#define PPROFMK_RUNTIME_BENCH_TIMER_H

#include <stdbool.h>

#include "runtime/rt.h"

struct bench_timer {
	bool is_running;
	uint64_t start_ns;
	uint64_t wall_ns; /* while it ran, up to the last stop */
	uint64_t counters[REC_COUNTER_COUNT], counters_start[REC_COUNTER_COUNT];
};

/* Context: of all, one thread at a time. Starting one that runs, or stopping one that does not, does nothing. */
void bench_timer_start(struct bench_timer *timer);
void bench_timer_stop(struct bench_timer *timer);

#endif
