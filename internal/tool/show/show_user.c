/* SPDX-License-Identifier: MIT */
/* What the program itself told the trace: regions, tasks and its log. */
#include <stdlib.h>

#include "base/hash.h"
#include "base/set.h"
#include "tool/common/json_text.h"
#include "tool/show/show_answer.h"
#include "tool/show/show_latency.h"
#include "tool/tool.h"

enum { LOG_MAX = 2000, TASK_EVENTS_MAX = 2000, TASKS_MAX = 5000 };

#define TYPE(name) (UINT32_C(1) << TRACE_##name)

/* Call `each` with the events of some types, thread by thread, until it says false. */
static void each_event(const struct trace *trace, uint32_t types, uint64_t from_ns, uint64_t to_ns,
		       bool (*each)(void *context, uint32_t thread,
				    const struct trace_event *event),
		       void *context)
{
	bool goes_on = true;

	for (uint32_t i = 0; i < trace_thread_count(trace) && goes_on; i++) {
		struct trace_cursor *cursor =
			trace_cursor_new(trace, TRACE_STREAM_EVENTS, i, from_ns, to_ns);
		struct trace_event event;

		trace_cursor_only(cursor, types);
		while (goes_on && trace_event_next(cursor, &event))
			goes_on = each(context, i, &event);
		trace_cursor_free(cursor);
	}
}

static json_t *latencies_json(const struct trace *trace, const struct show_latencies *latencies)
{
	json_t *list = json_array();

	for (size_t i = 0; i < latencies->len; i++) {
		const struct show_latency *latency = &latencies->items[i];
		json_t *bars = json_array(), *slowest = json_array();

		for (size_t bar = 0; bar < SHOW_BARS; bar++)
			json_array_append_new(bars, json_number(latency->bars[bar]));
		for (size_t s = 0; s < latency->slowest_count; s++) {
			const struct show_slow *slow = &latency->slowest[s];

			json_array_append_new(slowest,
					      json_pack("{s:o, s:o, s:o, s:o}", "start",
							json_number(slow->start_ns), "end",
							json_number(slow->end_ns), "thread",
							show_thread_json(trace, slow->thread),
							"task", json_number(slow->task)));
		}
		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:o}", "name",
						      show_string_json(trace, latency->name),
						      "count", json_number(latency->count),
						      "total_ns", json_number(latency->total_ns),
						      "bars", bars, "slowest", slowest));
	}
	return list;
}

static bool add_region(void *context, uint32_t thread, const struct trace_event *event)
{
	struct show_slow one = {event->start_ns, event->end_ns, thread, event->arguments[1]};

	show_latency_add(show_latency_of(context, event->arguments[0]), &one);
	return true;
}

struct show_answer show_regions(const struct show_question *question)
{
	struct show_latencies latencies = {0};
	uint64_t from_ns, to_ns;
	json_t *json;

	if (!show_range(question, &from_ns, &to_ns))
		return show_error(400, "from and to are no range");
	each_event(question->trace, TYPE(REGION), from_ns, to_ns + 1, add_region, &latencies);
	json = json_pack("{s:o}", "regions", latencies_json(question->trace, &latencies));
	free(latencies.items);
	return show_json(json);
}

/* ---- Tasks: their beginning and end may be on different threads. */

struct task {
	uint64_t number, name, parent;
	uint64_t start_ns, end_ns; /* end: UINT64_MAX while it is not known */
	uint32_t thread;
};

struct tasks {
	struct task *items;
	size_t len, cap;
	struct set numbers;
};

static bool same_task(const void *things, uint32_t number, const void *wanted)
{
	return ((const struct tasks *)things)->items[number - 1].number ==
	       *(const uint64_t *)wanted;
}

/* A task by its number: made with the first event of it that is met. */
static struct task *task_of(struct tasks *tasks, uint64_t number)
{
	uint32_t next = (uint32_t)tasks->len + 1;
	uint32_t found = set_find(&tasks->numbers, hash_word(HASH_START, number), same_task, tasks,
				  &number, next);

	if (found == next) {
		tasks->items = xgrow(tasks->items, tasks->len, &tasks->cap, sizeof *tasks->items);
		tasks->items[tasks->len++] =
			(struct task){.number = number, .end_ns = UINT64_MAX, .thread = UINT32_MAX};
	}
	return &tasks->items[found - 1];
}

static bool add_task(void *context, uint32_t thread, const struct trace_event *event)
{
	struct task *task = task_of(context, event->arguments[0]);

	if (event->type == TRACE_TASK_END) {
		task->end_ns = event->end_ns;
		return true;
	}
	task->name = event->arguments[1];
	task->parent = event->arguments[2];
	task->start_ns = event->start_ns;
	task->thread = thread;
	return true;
}

static json_t *task_json(const struct trace *trace, const struct task *task, uint64_t end_ns)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:i}", "task", json_number(task->number), "name",
			 show_string_json(trace, task->name), "start", json_number(task->start_ns),
			 "end", json_number(end_ns), "thread", (int)task->thread);
}

/* By name how long they took, and of `limit` of them, when and where they began. */
struct show_answer show_tasks(const struct show_question *question)
{
	uint64_t span_ns = trace_info(question->trace)->span_ns;
	struct show_latencies latencies = {0};
	struct tasks tasks = {0};
	uint64_t unfinished = 0, limit;
	json_t *json, *list;

	if (!show_number(question, "limit", 0, &limit))
		return show_error(400, "limit is a number");
	list = json_array();
	each_event(question->trace, TYPE(TASK_BEGIN) | TYPE(TASK_END), 0, UINT64_MAX, add_task,
		   &tasks);
	for (size_t i = 0; i < tasks.len; i++) {
		struct task *task = &tasks.items[i];
		struct show_slow one = {task->start_ns, task->end_ns, task->thread, task->number};

		if (task->end_ns == UINT64_MAX) {
			one.end_ns = span_ns > task->start_ns ? span_ns : task->start_ns;
			unfinished++;
		}
		show_latency_add(show_latency_of(&latencies, task->name), &one);
		if (i < limit && i < TASKS_MAX)
			json_array_append_new(list, task_json(question->trace, task, one.end_ns));
	}
	json = json_pack("{s:o, s:o, s:o}", "tasks", latencies_json(question->trace, &latencies),
			 "unfinished", json_number(unfinished), "list", list);
	free(latencies.items);
	free(tasks.items);
	set_free(&tasks.numbers);
	return show_json(json);
}

/* ---- Events of one task, and the log */

struct listing {
	const struct trace *trace;
	uint64_t task;
	json_t *list;
	size_t limit;
	bool is_cut;
};

static bool add_to_listing(struct listing *listing, uint32_t thread,
			   const struct trace_event *event)
{
	json_t *json;

	if (json_array_size(listing->list) == listing->limit) {
		listing->is_cut = true;
		return false;
	}
	json = show_event_json(listing->trace, event);
	json_object_set_new(json, "thread", show_thread_json(listing->trace, thread));
	json_array_append_new(listing->list, json);
	return true;
}

static uint64_t task_of_event(const struct trace_event *event)
{
	switch (event->type) {
	case TRACE_TASK_BEGIN:
	case TRACE_TASK_END:
		return event->arguments[0];
	case TRACE_REGION:
		return event->arguments[1];
	case TRACE_LOG:
		return event->arguments[2];
	default:
		return 0;
	}
}

static bool add_of_task(void *context, uint32_t thread, const struct trace_event *event)
{
	struct listing *listing = context;

	return task_of_event(event) != listing->task || add_to_listing(listing, thread, event);
}

struct show_answer show_task(const struct show_question *question)
{
	struct listing listing = {.trace = question->trace, .limit = TASK_EVENTS_MAX};

	if (!show_number(question, "task", 0, &listing.task) || listing.task == 0)
		return show_error(400, "task, a number from 1 up, is missing");
	listing.list = json_array();
	each_event(question->trace, TYPE(TASK_BEGIN) | TYPE(TASK_END) | TYPE(REGION) | TYPE(LOG), 0,
		   UINT64_MAX, add_of_task, &listing);
	return show_json(
		json_pack("{s:o, s:b}", "events", listing.list, "cut", (int)listing.is_cut));
}

static bool add_log(void *context, uint32_t thread, const struct trace_event *event)
{
	return add_to_listing(context, thread, event);
}

struct show_answer show_log(const struct show_question *question)
{
	struct listing listing = {.trace = question->trace, .limit = LOG_MAX};
	uint64_t from_ns, to_ns;

	if (!show_range(question, &from_ns, &to_ns))
		return show_error(400, "from and to are no range");
	listing.list = json_array();
	each_event(question->trace, TYPE(LOG), from_ns, to_ns + 1, add_log, &listing);
	return show_json(
		json_pack("{s:o, s:b}", "events", listing.list, "cut", (int)listing.is_cut));
}
