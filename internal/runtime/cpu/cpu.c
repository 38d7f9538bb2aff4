/* SPDX-License-Identifier: MIT */
/* The cpu recorder: one stack for each period of CPU time that a thread has used. */
#include "runtime/cpu/cpu.h"

#include <errno.h>
#include <string.h>

#include "runtime/recorder.h"

void cpu_sample(const void *ucontext)
{
	struct rt_thread *thread = &rt_thread;
	struct rec_sample *sample;
	uint32_t index, node, at;

	if (!atomic_load_explicit(&rt_window, memory_order_relaxed) || rt_rec == NULL)
		return;
	index = atomic_load_explicit(&thread->index, memory_order_relaxed);
	if (!thread->ready || index == UINT32_MAX) {
		atomic_fetch_add_explicit(&rt_rec->state.events_dropped, 1, memory_order_relaxed);
		return;
	}
	node = stack_node(thread, stack_regs_of_signal(ucontext));
	if (node == 0) {
		atomic_fetch_add_explicit(&rt_rec->state.events_dropped, 1, memory_order_relaxed);
		return;
	}
	at = rt_append(REC_SAMPLES);
	if (at == UINT32_MAX)
		return;
	sample = &rt_table(SAMPLES, struct rec_sample)[at];
	sample->thread = index;
	atomic_thread_fence(memory_order_release);
	sample->node = node;
}

static void on_clock(const void *ucontext)
{
	cpu_sample(ucontext);
	if (rt_rec != NULL && rt_thread.ready)
		clock_perf_settle(&rt_thread);
}

static void on_signal(int number, siginfo_t *info, void *ucontext)
{
	int saved = errno;

	/* The kernel marks a descriptor's signals with POLL_* codes. */
	if (info->si_code == POLL_IN || info->si_code == POLL_HUP)
		on_clock(ucontext);
	else
		cpu_signal_forward(number, info, ucontext);
	errno = saved;
}

static bool cpu_start(void)
{
	int error = clock_perf_probe();
	const char *problem;
	unsigned hz;

	if (error == 0) {
		rt_rec->state.clock = REC_CLOCK_PERF;
		cpu_signal_own(on_signal);
		return true;
	}
	hz = (unsigned)(1000000000u / rt_rec->config.period_ns);
	problem = clock_gperftools_start(hz);
	if (problem != NULL) {
		rt_trouble("cpu: perf_event_open: %s; %s; no cpu profile", strerror(-error),
			   problem);
		return false;
	}
	rt_rec->state.clock = REC_CLOCK_GPERFTOOLS;
	return true;
}

static void cpu_thread_begin(struct rt_thread *thread)
{
	bool has_clock = rt_rec->state.clock == REC_CLOCK_GPERFTOOLS
				 ? clock_gperftools_begin(thread)
				 : clock_perf_begin(thread);

	cpu_signal_admit();
	if (!has_clock)
		atomic_fetch_add(&rt_rec->state.events_dropped, 1);
}

static void cpu_thread_end(struct rt_thread *thread)
{
	if (rt_rec->state.clock == REC_CLOCK_PERF)
		clock_perf_end(thread);
	else
		clock_gperftools_end(thread);
}

const struct rt_recorder rt_recorder_cpu = {
	.start = cpu_start,
	.thread_begin = cpu_thread_begin,
	.thread_end = cpu_thread_end,
};
