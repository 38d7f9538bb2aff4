/* SPDX-License-Identifier: MIT */
/* The public header's functions of traces: what the program tells of itself. */
#include <pprofmk.h>

#include <errno.h>

#include "runtime/trace/trace.h"
#include "runtime/trace/trace_asked.h"
#include "runtime/trace/trace_self.h"
#include "runtime/trace/trace_strings.h"
#include "runtime/trace/trace_tasks.h"

static uint32_t region_begin(const char *name)
{
	uint32_t trace;

	if (!trace_enter())
		return 0;
	trace = trace_number;
	TRACE_EVENT(TRACE_REGION_BEGIN, trace_now(), 0, 0, trace_string(name),
		    trace_tasks_current());
	trace_leave();
	return trace;
}

static void region_end(const char *name, uint32_t trace)
{
	if (!trace_enter())
		return;
	if (trace == trace_number)
		TRACE_EVENT(TRACE_REGION_END, trace_now(), 0, 0, trace_string(name));
	trace_leave();
}

static struct pprof_task *task_begin(const char *name)
{
	struct pprof_task *task;
	uint64_t parent;

	if (!trace_enter())
		return NULL;
	parent = trace_tasks_current();
	task = trace_tasks_begin();
	if (task != NULL)
		TRACE_EVENT(TRACE_TASK_BEGIN, trace_now(), 0, 0, trace_tasks_number(task),
			    trace_string(name), parent);
	trace_leave();
	return task;
}

static void task_end(struct pprof_task *task)
{
	uint64_t number = trace_tasks_number(task);

	trace_tasks_end(task);
	if (number == 0 || !trace_enter())
		return;
	TRACE_EVENT(TRACE_TASK_END, trace_now(), 0, 0, number);
	trace_leave();
}

static void log_line(const char *category, const char *message)
{
	if (!trace_enter())
		return;
	TRACE_EVENT(TRACE_LOG, trace_now(), 0, 0, trace_string(category), trace_string(message),
		    trace_tasks_current());
	trace_leave();
}

static int write_flight(const char *path)
{
	return path != NULL ? trace_self_write(path) : -EINVAL;
}

extern __attribute__((visibility("hidden"))) const struct pprof_trace_api_ trace_api;
const struct pprof_trace_api_ trace_api = {
	.size_bytes = sizeof(struct pprof_trace_api_),
	.is_on = (const unsigned char *)&trace_on,
	.start = trace_self_start,
	.stop = trace_self_stop,
	.region_begin = region_begin,
	.region_end = region_end,
	.task_begin = task_begin,
	.task_end = task_end,
	.task_use = trace_tasks_use,
	.log = log_line,
	.fly = trace_asked_fly,
	.write = write_flight,
};
