/* SPDX-License-Identifier: MIT */
#include "runtime/window.h"

#include <time.h>

#include "runtime/loading.h"
#include "runtime/recorder.h"
#include "runtime/thread.h"

static bool is_open;

/* Nobody reads what a benchmark's times cost in CPU time, and the clock of a process is a system call. */
static uint64_t cpu_now_ns(void)
{
	if (rt_rec->config.kind == REC_KIND_TIME)
		return 0;
	return rt_clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

void window_open(void)
{
	if (rt_rec == NULL)
		return;
	if (rt_recorder->window_open != NULL)
		rt_recorder->window_open();
	atomic_fetch_add(&rt_window_number, 1);
	is_open = true;
	window_resume();
}

void window_resume(void)
{
	if (rt_rec == NULL || atomic_load(&rt_window))
		return;
	if (!is_open) {
		window_open();
		return;
	}
	rt_rec->state.window_cpu_start_ns = cpu_now_ns();
	rt_rec->state.window_wall_start_ns = rt_now_ns();
	atomic_store(&rt_window, true);
	atomic_store(&rt_waits, true);
}

void window_pause(void)
{
	struct rec_state *state;

	if (!atomic_exchange(&rt_window, false) || rt_rec == NULL)
		return;
	atomic_store(&rt_waits, rt_rec->config.kind == REC_KIND_TRACE);
	state = &rt_rec->state;
	state->wall_ns += rt_now_ns() - state->window_wall_start_ns;
	state->cpu_ns += cpu_now_ns() - state->window_cpu_start_ns;
	state->window_wall_start_ns = 0;
}

void window_close(void)
{
	window_pause();
	if (!is_open || rt_rec == NULL)
		return;
	is_open = false;
	if (rt_recorder->window_close != NULL)
		rt_recorder->window_close();
	thread_note_names();
	loading_catch_up();
}
