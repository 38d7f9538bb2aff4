/* SPDX-License-Identifier: MIT */
/* One thing of a timeline: what a thread was doing at a moment, or who was on a CPU, with all that is known of it. */
#include <stdlib.h>

#include "base/varint.h"
#include "tool/common/json_text.h"
#include "tool/show/show_answer.h"

/* Wakes of a thread that are followed to whom they woke: each asks all threads. */
enum { WOKEN_MAX = 16 };

/* CPU time of a thread in a range. */
static double cpu_ns_of(const struct trace *trace, uint32_t thread, uint64_t from_ns,
			uint64_t to_ns)
{
	struct trace_sum sum;

	trace_sums(trace, TRACE_STREAM_STATES, thread, from_ns, to_ns, &sum, 1);
	return sum.ns[TRACE_STATE_RUNNING] + sum.ns[TRACE_STATE_SYSCALL];
}

static bool state_at(const struct trace *trace, uint32_t thread, uint64_t at_ns,
		     struct trace_state_item *item)
{
	struct trace_cursor *cursor =
		trace_cursor_new(trace, TRACE_STREAM_STATES, thread, at_ns, at_ns + 1);
	bool is_there = trace_state_next(cursor, item);

	trace_cursor_free(cursor);
	return is_there;
}

/* What a region took without those nested in it. */
static uint64_t self_ns_of(const struct trace *trace, uint32_t thread,
			   const struct trace_event *region)
{
	struct trace_cursor *cursor = trace_cursor_new(trace, TRACE_STREAM_EVENTS, thread,
						       region->start_ns, region->end_ns + 1);
	uint64_t self_ns = region->end_ns - region->start_ns;
	struct trace_event inner;

	trace_cursor_only(cursor, UINT32_C(1) << TRACE_REGION);
	while (trace_event_next(cursor, &inner))
		if (inner.arguments[2] == region->arguments[2] + 1 &&
		    inner.start_ns >= region->start_ns && inner.end_ns <= region->end_ns &&
		    inner.end_ns - inner.start_ns <= self_ns)
			self_ns -= inner.end_ns - inner.start_ns;
	trace_cursor_free(cursor);
	return self_ns;
}

/* The wait, call or region around a moment: the shortest. */
static json_t *event_around(const struct trace *trace, uint32_t thread, uint64_t at_ns)
{
	struct trace_cursor *cursor =
		trace_cursor_new(trace, TRACE_STREAM_EVENTS, thread, at_ns, at_ns + 1);
	struct trace_event event, best = {.type = TRACE_NONE};
	json_t *json;

	while (trace_event_next(cursor, &event))
		if (event.end_ns > event.start_ns && event.start_ns <= at_ns &&
		    event.end_ns >= at_ns &&
		    (best.type == TRACE_NONE ||
		     event.end_ns - event.start_ns < best.end_ns - best.start_ns))
			best = event;
	trace_cursor_free(cursor);
	if (best.type == TRACE_NONE)
		return json_null();
	json = show_event_json(trace, &best);
	json_object_set_new(json, "cpu_ns",
			    json_real(cpu_ns_of(trace, thread, best.start_ns, best.end_ns)));
	json_object_set_new(json, "self_ns",
			    json_number(best.type == TRACE_REGION ? self_ns_of(trace, thread, &best)
								  : best.end_ns - best.start_ns));
	return json;
}

/* Whom a thread woke at a moment: they were blocked or runnable then, and it is their waker. */
static void add_woken(json_t *woken, const struct trace *trace, uint32_t waker,
		      const struct trace_event *wake)
{
	for (uint32_t i = 0; i < trace_thread_count(trace); i++) {
		const struct trace_thread *thread = trace_thread(trace, i);
		struct trace_state_item item;

		if (i == waker || thread->start_ns > wake->end_ns ||
		    thread->end_ns < wake->end_ns || !state_at(trace, i, wake->end_ns, &item) ||
		    item.waker != waker)
			continue;
		json_array_append_new(woken,
				      json_pack("{s:o, s:o}", "thread", show_thread_json(trace, i),
						"at", json_number(wake->end_ns)));
	}
}

static json_t *woken_by(const struct trace *trace, uint32_t thread, uint64_t from_ns,
			uint64_t to_ns)
{
	struct trace_cursor *cursor =
		trace_cursor_new(trace, TRACE_STREAM_EVENTS, thread, from_ns, to_ns);
	json_t *woken = json_array();
	struct trace_event event;

	trace_cursor_only(cursor, UINT32_C(1) << TRACE_WAKE);
	for (size_t count = 0; count < WOKEN_MAX && trace_event_next(cursor, &event); count++)
		add_woken(woken, trace, thread, &event);
	trace_cursor_free(cursor);
	return woken;
}

static json_t *state_json(const struct trace *trace, uint32_t thread,
			  const struct trace_state_item *item)
{
	json_t *json = json_pack(
		"{s:s, s:o, s:o, s:o, s:o, s:b}", "state", trace_state_text(item->state), "start",
		json_number(item->start_ns), "end", json_number(item->end_ns), "object",
		show_object_json(trace, item->object), "stack", show_stack_json(trace, item->stack),
		"preempted", (int)item->is_preempted);

	json_object_set_new(json, "thread", show_thread_json(trace, thread));
	json_object_set_new(json, "cpu",
			    item->cpu == TRACE_NO_CPU ? json_null() : json_integer(item->cpu));
	json_object_set_new(json, "call",
			    item->call == 0 ? json_null()
					    : json_string(trace_call_text(item->call - 1)));
	json_object_set_new(json, "waker", show_thread_json(trace, item->waker));
	json_object_set_new(json, "waker_stack", show_stack_json(trace, item->waker_stack));
	json_object_set_new(json, "cpu_ns",
			    json_real(cpu_ns_of(trace, thread, item->start_ns, item->end_ns)));
	return json;
}

/* Where a thread was when it began what it does, and when it ended it: a thread that runs is seen where it waited before,
 * and where it waits next. */
static void set_stacks(json_t *json, const struct trace *trace, uint32_t thread,
		       const struct trace_state_item *item)
{
	struct trace_state_item before, after;
	uint32_t start = item->stack, end = start;

	if (start == 0 && item->start_ns > 0 &&
	    state_at(trace, thread, item->start_ns - 1, &before))
		start = before.stack;
	if (end == 0 && state_at(trace, thread, item->end_ns, &after))
		end = after.stack;
	json_object_set_new(json, "stack", show_stack_json(trace, start));
	json_object_set_new(json, "end_stack", show_stack_json(trace, end));
}

static struct show_answer thread_item(const struct trace *trace, uint32_t thread, uint64_t at_ns)
{
	const struct trace_thread *life = trace_thread(trace, thread);
	struct trace_state_item item;
	json_t *json;

	/* Who wakes others by its end is asked for at that moment, when it is no longer there. */
	if (life != NULL && at_ns == life->end_ns && at_ns > life->start_ns)
		at_ns--;
	if (!state_at(trace, thread, at_ns, &item))
		return show_error(404, "thread %u is not there at %llu ns", thread,
				  (unsigned long long)at_ns);
	json = state_json(trace, thread, &item);
	set_stacks(json, trace, thread, &item);
	json_object_set_new(json, "event", event_around(trace, thread, at_ns));
	json_object_set_new(json, "woke", woken_by(trace, thread, item.start_ns, item.end_ns + 1));
	return show_json(json);
}

static struct show_answer cpu_item(const struct trace *trace, uint32_t cpu, uint64_t at_ns)
{
	struct trace_cursor *cursor =
		trace_cursor_new(trace, TRACE_STREAM_CPU, cpu, at_ns, at_ns + 1);
	struct trace_cpu_item item;
	bool is_there = trace_cpu_next(cursor, &item);

	trace_cursor_free(cursor);
	if (!is_there)
		return show_error(404, "CPU %u was idle, or ran others, at %llu ns", cpu,
				  (unsigned long long)at_ns);
	return thread_item(trace, item.thread, at_ns > item.start_ns ? at_ns : item.start_ns);
}

struct show_answer show_item(const struct show_question *question)
{
	uint64_t thread, cpu, at_ns;

	if (!show_number(question, "thread", UINT64_MAX, &thread) ||
	    !show_number(question, "cpu", UINT64_MAX, &cpu) ||
	    !show_number(question, "at", 0, &at_ns))
		return show_error(400, "thread, cpu and at are numbers");
	if (thread < UINT32_MAX)
		return thread_item(question->trace, (uint32_t)thread, at_ns);
	if (cpu < UINT32_MAX)
		return cpu_item(question->trace, (uint32_t)cpu, at_ns);
	return show_error(400, "thread or cpu is missing");
}
