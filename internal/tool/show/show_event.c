/* SPDX-License-Identifier: MIT */
/* Events as JSON: their arguments under the names that the table of events gives them. */
#include "base/varint.h"
#include "tool/common/json_text.h"
#include "tool/show/show_answer.h"

/* What an argument is called, by type and place; the table says what it is. */
static const char *const argument_names[TRACE_EVENT_COUNT][TRACE_ARGUMENT_MAX] = {
	[TRACE_THREAD_CREATE] = {"thread", "function"},
	[TRACE_THREAD_START] = {"creator"},
	[TRACE_THREAD_NAME] = {"name"},
	[TRACE_FORK] = {"pid"},
	[TRACE_EXEC] = {"path"},
	[TRACE_WAIT] = {"kind", "object", "outcome"},
	[TRACE_WAKE] = {"how", "object"},
	[TRACE_SYSCALL] = {"call", "descriptor", "result"},
	[TRACE_HEAP] = {"bytes"},
	[TRACE_MAP] = {"address", "bytes"},
	[TRACE_UNMAP] = {"address", "bytes"},
	[TRACE_BRK] = {"bytes"},
	[TRACE_MADVISE] = {"address", "bytes", "advice"},
	[TRACE_PAGE_HEAP] = {"bytes"},
	[TRACE_FAULT] = {"address"},
	[TRACE_REGION_BEGIN] = {"name", "task"},
	[TRACE_REGION_END] = {"name"},
	[TRACE_REGION] = {"name", "task", "depth"},
	[TRACE_TASK_BEGIN] = {"task", "name", "parent"},
	[TRACE_TASK_END] = {"task"},
	[TRACE_LOG] = {"category", "message", "task"},
	[TRACE_WINDOW] = {"open"},
	[TRACE_LOST] = {"count"},
};

static json_t *argument_json(const struct trace *trace, enum trace_argument kind, uint64_t value)
{
	char address[32];

	switch (kind) {
	case TRACE_ARGUMENT_SIGNED:
		return json_integer(varint_unzigzag(value));
	case TRACE_ARGUMENT_OBJECT:
		return value > UINT32_MAX ? json_null() : show_object_json(trace, (uint32_t)value);
	case TRACE_ARGUMENT_ADDRESS:
		snprintf(address, sizeof address, "0x%llx", (unsigned long long)value);
		return json_string(address);
	case TRACE_ARGUMENT_STRING:
		return show_string_json(trace, value);
	case TRACE_ARGUMENT_THREAD:
		return value == 0 ? json_null() : show_thread_json(trace, (uint32_t)(value - 1));
	case TRACE_ARGUMENT_WAIT:
		return json_string(trace_wait_text(value));
	case TRACE_ARGUMENT_WAKE:
		return json_string(trace_wake_text(value));
	case TRACE_ARGUMENT_OUTCOME:
		return json_string(trace_outcome_text(value));
	case TRACE_ARGUMENT_CALL:
		return json_string(trace_call_text(value));
	case TRACE_ARGUMENT_NONE:
	case TRACE_ARGUMENT_NUMBER:
		break;
	}
	return json_number(value);
}

json_t *show_event_json(const struct trace *trace, const struct trace_event *event)
{
	const struct trace_event_kind *kind = &trace_event_kinds[event->type];
	json_t *json = json_pack("{s:s, s:o, s:o}", "type", kind->text, "start",
				 json_number(event->start_ns), "end", json_number(event->end_ns));
	json_t *arguments = json_object();

	for (unsigned i = 0; i < kind->argument_count; i++)
		json_object_set_new(arguments, argument_names[event->type][i],
				    argument_json(trace, kind->arguments[i], event->arguments[i]));
	/* Descriptors are written plus 1, 0 is none. */
	if (event->type == TRACE_SYSCALL)
		json_object_set_new(arguments, "descriptor",
				    event->arguments[1] == 0
					    ? json_null()
					    : json_number(event->arguments[1] - 1));
	json_object_set_new(json, "arguments", arguments);
	if (event->stack != 0)
		json_object_set_new(json, "stack", show_stack_json(trace, event->stack));
	if (event->waker != TRACE_NO_THREAD) {
		json_object_set_new(json, "waker", show_thread_json(trace, event->waker));
		json_object_set_new(json, "waker_stack",
				    show_stack_json(trace, event->waker_stack));
	}
	return json;
}
