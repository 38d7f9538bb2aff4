/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_raw_threads.h"

#include "base/xalloc.h"
#include "tool/trace/trace_clock.h"

/* From where the runtime sees a thread's end to where the kernel does. */
#define SLACK_NS 1000000

/* Had it ended when the trace began? */
static bool was_over(const struct trace_raw *raw, struct trace_clock *clock,
		     const struct rec_trace_thread *thread)
{
	uint64_t end_ticks = atomic_load(&thread->end_ticks);

	return raw->cut.begin_ns != 0 && end_ticks != 0 &&
	       trace_clock_ns(clock, end_ticks) + SLACK_NS < raw->cut.begin_ns;
}

/* An item that was cleared for the next thread (runtime/trace/trace_slots.h), or never filled in. */
static bool is_nobodys(const struct rec_trace_thread *thread)
{
	return thread->tid == 0 && thread->function == 0;
}

void trace_raw_threads_take(struct trace_raw *raw)
{
	const struct rec_trace_thread *recorded =
		recording_table(raw->recording, TRACE_THREADS, struct rec_trace_thread);
	struct trace_clock clock;

	raw->recorded_count = recording_len(raw->recording, REC_TRACE_THREADS);
	raw->threads = xcalloc(raw->recorded_count + 1, sizeof *raw->threads);
	raw->numbers = xcalloc(raw->recorded_count + 1, sizeof *raw->numbers);
	trace_clock_open(&clock, raw->recording);
	for (size_t i = 0; i < raw->recorded_count; i++) {
		if (is_nobodys(&recorded[i]) || was_over(raw, &clock, &recorded[i]))
			continue;
		raw->threads[raw->thread_count] = &recorded[i];
		raw->numbers[i] = (uint32_t)++raw->thread_count;
	}
	raw->main = trace_raw_thread(raw, 1) - 1;
	trace_clock_free(&clock);
}
