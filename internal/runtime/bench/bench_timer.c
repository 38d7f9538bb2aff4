/* SPDX-License-Identifier: MIT */
#include "runtime/bench/bench_timer.h"

#include "runtime/bench/bench_counters.h"
#include "runtime/window.h"

/* What is ours is outside: the clock is read last when it starts and first when it stops. */

void bench_timer_start(struct bench_timer *timer)
{
	if (timer->is_running)
		return;
	timer->is_running = true;
	bench_counters_read(timer->counters_start);
	window_resume();
	timer->start_ns = rt_now_ns();
}

void bench_timer_stop(struct bench_timer *timer)
{
	uint64_t now_ns = rt_now_ns();
	uint64_t counters[REC_COUNTER_COUNT];

	if (!timer->is_running)
		return;
	timer->is_running = false;
	timer->wall_ns += now_ns - timer->start_ns;
	window_pause();
	bench_counters_read(counters);
	for (int i = 0; i < REC_COUNTER_COUNT; i++)
		timer->counters[i] += counters[i] - timer->counters_start[i];
}
