/* SPDX-License-Identifier: MIT */
/* What the trace is of, its threads, and sums over a range. */
#include <stdlib.h>

#include "tool/analysis/trace_lost.h"
#include "tool/common/json_text.h"
#include "tool/show/show_answer.h"

static json_t *states_json(void)
{
	json_t *states = json_array();

	for (uint64_t i = 0; i < TRACE_STATE_COUNT; i++)
		json_array_append_new(states, json_string(trace_state_text(i)));
	return states;
}

static json_t *events_json(void)
{
	json_t *events = json_array();

	for (size_t i = 0; i < TRACE_EVENT_COUNT; i++)
		json_array_append_new(events, json_string(trace_event_kinds[i].text));
	return events;
}

struct show_answer show_info(const struct show_question *question)
{
	const struct trace *trace = question->trace;
	const struct trace_info *info = trace_info(trace);
	json_t *json = json_pack("{s:i, s:o, s:o, s:o, s:o, s:o}", "api", SHOW_API, "program",
				 json_text(info->program), "test", json_text(info->test), "outcome",
				 json_text(info->outcome), "source", json_text(info->source),
				 "note", json_text(info->note));
	uint64_t from_ns, to_ns;

	json_object_set_new(json, "start_realtime_ns", json_integer(info->start_realtime_ns));
	json_object_set_new(json, "span_ns", json_number(info->span_ns));
	json_object_set_new(json, "events", json_number(info->event_count));
	json_object_set_new(json, "lost_events", json_number(info->lost_events));
	json_object_set_new(json, "page_faults", json_number(info->fault_count));
	if (info->lost_events > 0 && trace_lost_when(trace, &from_ns, &to_ns)) {
		json_object_set_new(json, "lost_from_ns", json_number(from_ns));
		json_object_set_new(json, "lost_to_ns", json_number(to_ns));
	}
	json_object_set_new(json, "lost_switches", json_number(info->lost_switches));
	json_object_set_new(json, "cut_bytes", json_number(info->cut_bytes));
	json_object_set_new(json, "cpus", json_integer(info->cpu_count));
	json_object_set_new(json, "threads", json_number(trace_thread_count(trace)));
	json_object_set_new(json, "states", states_json());
	json_object_set_new(json, "event_types", events_json());
	return show_json(json);
}

static json_t *sums_json(const uint64_t *ns)
{
	json_t *sums = json_array();

	for (size_t i = 0; i < TRACE_STATE_COUNT; i++)
		json_array_append_new(sums, json_number(ns[i]));
	return sums;
}

static json_t *thread_json(const struct trace *trace, uint32_t number)
{
	const struct trace_thread *thread = trace_thread(trace, number);
	json_t *json = show_thread_json(trace, number);

	json_object_set_new(json, "function_string", json_integer(thread->function));
	json_object_set_new(json, "creator",
			    thread->creator == TRACE_NO_THREAD ? json_null()
							       : json_integer(thread->creator));
	json_object_set_new(json, "start", json_number(thread->start_ns));
	json_object_set_new(json, "end", json_number(thread->end_ns));
	json_object_set_new(json, "alive", json_boolean(thread->is_alive));
	json_object_set_new(json, "depth", json_integer(thread->region_depth));
	json_object_set_new(json, "lost", json_number(thread->lost_events));
	json_object_set_new(json, "events", json_number(thread->event_count));
	json_object_set_new(json, "ns", sums_json(thread->state_ns));
	return json;
}

struct show_answer show_threads(const struct show_question *question)
{
	uint64_t first, count;
	json_t *threads;

	if (!show_number(question, "first", 0, &first) ||
	    !show_number(question, "count", UINT32_MAX, &count))
		return show_error(400, "first and count are numbers");
	threads = json_array();
	for (uint64_t i = first; i < trace_thread_count(question->trace) && i - first < count; i++)
		json_array_append_new(threads, thread_json(question->trace, (uint32_t)i));
	return show_json(json_pack("{s:o}", "threads", threads));
}

static void add_thread(const struct trace *trace, uint32_t number, uint64_t from_ns, uint64_t to_ns,
		       double *ns)
{
	const struct trace_thread *thread = trace_thread(trace, number);
	struct trace_sum sum;

	if (thread->start_ns >= to_ns || thread->end_ns < from_ns)
		return;
	trace_sums(trace, TRACE_STREAM_STATES, number, from_ns, to_ns, &sum, 1);
	for (size_t i = 0; i < TRACE_STATE_COUNT; i++)
		ns[i] += sum.ns[i];
}

/* How long threads were in each state, and what the CPUs did, in a range: of one thread or of all. */
struct show_answer show_sums(const struct show_question *question)
{
	const struct trace *trace = question->trace;
	uint64_t from_ns, to_ns, thread, ns[TRACE_STATE_COUNT];
	double all[TRACE_STATE_COUNT] = {0};
	struct trace_sum sum;
	json_t *json;

	if (!show_range(question, &from_ns, &to_ns) ||
	    !show_number(question, "thread", UINT64_MAX, &thread))
		return show_error(400, "from, to and thread are numbers");
	for (uint32_t i = 0; i < trace_thread_count(trace); i++)
		if (thread == i || thread > UINT32_MAX)
			add_thread(trace, i, from_ns, to_ns, all);
	for (size_t i = 0; i < TRACE_STATE_COUNT; i++)
		ns[i] = (uint64_t)(all[i] + 0.5);
	json = json_pack("{s:o, s:o, s:o}", "from", json_number(from_ns), "to", json_number(to_ns),
			 "ns", sums_json(ns));
	trace_sums(trace, TRACE_STREAM_HEAP, 0, from_ns, to_ns, &sum, 1);
	if (sum.low <= sum.high)
		json_object_set_new(json, "heap",
				    json_pack("[I, I]", (json_int_t)sum.low, (json_int_t)sum.high));
	return show_json(json);
}
