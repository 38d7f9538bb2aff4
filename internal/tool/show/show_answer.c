/* SPDX-License-Identifier: MIT */
#include "tool/show/show_answer.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tool/common/json_text.h"
#include "tool/tool.h"

const char *show_text(const struct show_question *question, const char *name)
{
	const char *text = question->parameter(question->context, name);

	return text == NULL ? "" : text;
}

bool show_number(const struct show_question *question, const char *name, uint64_t fallback,
		 uint64_t *number)
{
	const char *text = question->parameter(question->context, name);

	*number = fallback;
	return text == NULL || tool_number(text, 0, UINT64_MAX / 2, number) == 0;
}

bool show_range(const struct show_question *question, uint64_t *from_ns, uint64_t *to_ns)
{
	uint64_t span_ns = trace_info(question->trace)->span_ns;

	if (!show_number(question, "from", 0, from_ns) ||
	    !show_number(question, "to", span_ns, to_ns))
		return false;
	if (*to_ns > span_ns)
		*to_ns = span_ns;
	if (span_ns == 0)
		*to_ns = 1;
	return *from_ns < *to_ns;
}

struct show_answer show_json(json_t *json)
{
	struct show_answer answer = {.status = 200, .type = "application/json"};

	answer.bytes = json_dumps(json, JSON_COMPACT);
	if (answer.bytes == NULL)
		xalloc_failed();
	answer.size = strlen(answer.bytes);
	json_decref(json);
	return answer;
}

struct show_answer show_error(unsigned status, const char *format, ...)
{
	va_list arguments;
	struct show_answer answer;
	char *text;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	answer = show_json(json_pack("{s:o}", "error", json_text(text)));
	answer.status = status;
	free(text);
	return answer;
}

json_t *show_string_json(const struct trace *trace, uint64_t string)
{
	return json_text(trace_string(trace, string));
}

json_t *show_thread_json(const struct trace *trace, uint32_t number)
{
	const struct trace_thread *thread = trace_thread(trace, number);

	if (thread == NULL)
		return json_null();
	return json_pack("{s:i, s:i, s:o, s:o}", "id", (int)number, "tid", (int)thread->tid, "name",
			 show_string_json(trace, thread->name), "function",
			 show_string_json(trace, thread->function));
}

json_t *show_stack_json(const struct trace *trace, uint32_t stack)
{
	json_t *frames = json_array();
	size_t count;
	const uint32_t *numbers = trace_stack(trace, stack, &count);

	for (size_t i = 0; i < count; i++) {
		const struct trace_frame *frame = trace_frame(trace, numbers[i]);

		if (frame == NULL)
			continue;
		json_array_append_new(frames,
				      json_pack("{s:o, s:o, s:i, s:o, s:b}", "function",
						show_string_json(trace, frame->function), "file",
						show_string_json(trace, frame->file), "line",
						(int)frame->line, "module",
						show_string_json(trace, frame->module), "inlined",
						(int)frame->is_inlined));
	}
	return frames;
}

json_t *show_object_json(const struct trace *trace, uint32_t number)
{
	const struct trace_object *object = trace_object(trace, number);
	char address[32];

	if (object == NULL)
		return json_null();
	snprintf(address, sizeof address, "0x%llx", (unsigned long long)object->address);
	return json_pack("{s:i, s:s, s:s}", "id", (int)number, "kind",
			 trace_wait_text(object->kind), "address", address);
}
