/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_stream.h"

#include "base/varint.h"
#include "base/xalloc.h"
#include "tool/trace/trace_regions.h"
#include "tool/trace/trace_states.h"
#include "tool/trace/trace_wakers.h"

/* NULL of a thread that only the scheduler's record has. */
static const struct rec_trace_thread *recorded(const struct trace_making *making,
					       const struct trace_live *live)
{
	return live->thread < making->raw->thread_count ? making->raw->threads[live->thread] : NULL;
}

/* What a thread was in when the recording ended. */
static void take_now(struct trace_making *making, struct trace_live *live)
{
	const struct rec_trace_thread *thread = recorded(making, live);
	struct trace_raw_event *next = &live->next;

	next->type = TRACE_NONE;
	next->end_ns = UINT64_MAX;
	if (thread == NULL)
		return;
	next->type = atomic_load(&thread->now_type);
	if (next->type != TRACE_WAIT && next->type != TRACE_SYSCALL) {
		next->type = TRACE_NONE;
		return;
	}
	next->start_ns = trace_making_ns(making, trace_clock_ns(&making->clock, thread->now_ticks));
	next->node = thread->now_node;
	next->arguments[0] = thread->now_arguments[0];
	next->arguments[1] = thread->now_arguments[1];
	next->arguments[2] = next->type == TRACE_WAIT ? TRACE_OUTCOME_UNFINISHED : varint_zigzag(0);
}

/* What ended before the trace began is none of it, but for what has changed by it. */
static bool next_wanted(struct trace_making *making, struct trace_live *live)
{
	while (trace_raw_next(&live->reader, &making->clock, &live->next)) {
		if (live->next.end_ns >= making->raw->cut.begin_ns)
			return true;
		trace_regions_pass(making, live);
	}
	making->lives.items[live->thread].damaged = live->reader.damaged_count;
	return false;
}

uint64_t trace_stream_next(struct trace_making *making, struct trace_live *live)
{
	struct trace_raw_event *next = &live->next;

	live->wake = (struct trace_wake_item){.thread = TRACE_NO_THREAD};
	if (next_wanted(making, live)) {
		next->start_ns = trace_making_ns(making, next->start_ns);
		next->end_ns = trace_making_ns(making, next->end_ns);
	} else {
		take_now(making, live);
	}
	trace_calls_enter(making->calls, live);
	return next->end_ns;
}

static uint64_t argument_of(struct trace_making *making, const struct trace_raw_event *event,
			    unsigned i)
{
	const struct recording *recording = making->raw->recording;
	uint64_t value = event->arguments[i];

	switch (trace_event_kinds[event->type].arguments[i]) {
	case TRACE_ARGUMENT_STRING:
		return value > UINT32_MAX
			       ? 0
			       : trace_writer_string(making->writer,
						     recording_string(recording, (uint32_t)value));
	case TRACE_ARGUMENT_THREAD:
		return trace_raw_thread(making->raw, value);
	case TRACE_ARGUMENT_OBJECT:
		return event->type == TRACE_WAKE
			       ? trace_wakes_woken(making->wakes, value, event->arguments[0])
			       : trace_wakes_object(making->wakes, value, event->arguments[0]);
	default:
		return value;
	}
}

static struct trace_event event_of(struct trace_making *making, const struct trace_live *live)
{
	const struct trace_raw_event *raw = &live->next;
	struct trace_event event = {.start_ns = raw->start_ns,
				    .end_ns = raw->end_ns,
				    .type = raw->type,
				    .stack = trace_stack_of(making->stacks, raw->node),
				    .waker = TRACE_NO_THREAD};

	for (unsigned i = 0; i < trace_event_kinds[raw->type].argument_count; i++)
		event.arguments[i] = argument_of(making, raw, i);
	return event;
}

static void add_heap(struct trace_making *making, const struct trace_event *event)
{
	struct trace_heap_item item = {.ns = event->end_ns};

	making->heap_bytes += varint_unzigzag(event->arguments[0]);
	item.bytes = making->heap_bytes;
	trace_writer_heap(making->writer, &item);
}

static void add_wake(struct trace_making *making, const struct trace_live *live,
		     const struct trace_event *event)
{
	struct trace_wake_item item = {live->thread, event->stack, event->end_ns};

	trace_wakes_add(making->wakes, (uint32_t)event->arguments[1], event->arguments[0], &item);
}

static void write(struct trace_making *making, struct trace_live *live)
{
	struct trace_event event = event_of(making, live);

	if (event.type == TRACE_WAIT && live->wake.thread == TRACE_NO_THREAD)
		trace_wakers_find(making, live, event.start_ns, event.end_ns);
	event.waker = live->wake.thread;
	event.waker_stack = live->wake.stack;
	if (event.type == TRACE_HEAP)
		add_heap(making, &event);
	else if (event.type == TRACE_WAKE)
		add_wake(making, live, &event);
	else if (event.type == TRACE_LOST)
		making->lives.items[live->thread].lost += event.arguments[0];
	trace_writer_event(making->writer, live->thread, &event);
}

void trace_stream_take(struct trace_making *making, struct trace_live *live)
{
	making->events++;
	if (trace_event_kinds[live->next.type].has_duration)
		trace_states_event(making, live);
	trace_calls_leave(making->calls, live);
	if (live->next.type == TRACE_REGION_BEGIN)
		trace_regions_begin(making, live);
	else if (live->next.type == TRACE_REGION_END)
		trace_regions_end(making, live);
	else
		write(making, live);
}

/* Events that were dropped behind the last one that was kept. */
static void write_lost(struct trace_making *making, const struct trace_live *live, uint64_t ns)
{
	struct trace_event event = {.end_ns = ns, .type = TRACE_LOST, .waker = TRACE_NO_THREAD};
	const struct rec_trace_thread *thread = recorded(making, live);

	if (thread == NULL || thread->lost == 0)
		return;
	event.arguments[0] = thread->lost;
	event.start_ns =
		trace_making_ns(making, trace_clock_ns(&making->clock, thread->lost_from_ticks));
	if (event.start_ns > ns)
		event.start_ns = ns;
	making->lives.items[live->thread].lost += event.arguments[0];
	trace_writer_event(making->writer, live->thread, &event);
}

void trace_stream_end(struct trace_making *making, struct trace_live *live, uint64_t ns)
{
	trace_calls_leave(making->calls, live);
	if (live->next.type != TRACE_NONE && live->next.start_ns <= ns) {
		live->next.end_ns = ns;
		making->events++;
		write(making, live);
	}
	trace_regions_end_all(making, live, ns);
	write_lost(making, live, ns);
}
