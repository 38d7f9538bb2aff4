/* SPDX-License-Identifier: MIT */
#include "tool/analysis/trace_json.h"

#include <stdlib.h>

#include "tool/analysis/trace_lost.h"
#include "tool/common/json_text.h"

static json_t *lost_json(const struct trace *trace)
{
	const struct trace_info *info = trace_info(trace);
	char *text = trace_lost_text(trace);
	json_t *lost = json_pack(
		"{s:o, s:I, s:I, s:I, s:I}", "text", json_text(text), "events",
		(json_int_t)info->lost_events, "switches", (json_int_t)info->lost_switches, "bytes",
		(json_int_t)info->cut_bytes, "chunks", (json_int_t)trace_damaged_chunks(trace));
	uint64_t from_ns, to_ns;

	if (info->lost_events > 0 && trace_lost_when(trace, &from_ns, &to_ns)) {
		json_object_set_new(lost, "from_ns", json_integer((json_int_t)from_ns));
		json_object_set_new(lost, "to_ns", json_integer((json_int_t)to_ns));
	}
	free(text);
	return lost;
}

json_t *trace_json_new(const struct trace *trace, int schema, uint64_t from_ns, uint64_t to_ns)
{
	const struct trace_info *info = trace_info(trace);

	return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
			 "schema", schema, "lost", lost_json(trace), "note", json_text(info->note),
			 "program", json_text(info->program), "test", json_text(info->test),
			 "outcome", json_text(info->outcome), "source", json_text(info->source),
			 "span_ns", (json_int_t)info->span_ns, "from_ns", (json_int_t)from_ns,
			 "to_ns", (json_int_t)to_ns, "cpus", (json_int_t)info->cpu_count, "events",
			 (json_int_t)info->event_count, "page_faults",
			 (json_int_t)info->fault_count, "threads",
			 (json_int_t)trace_thread_count(trace));
}

json_t *trace_json_stack(const struct trace *trace, uint32_t stack)
{
	json_t *array = json_array();
	size_t count;
	const uint32_t *frames = trace_stack(trace, stack, &count);

	for (size_t i = 0; i < count; i++) {
		const struct trace_frame *frame = trace_frame(trace, frames[i]);

		if (frame)
			json_array_append_new(
				array,
				json_pack("{s:o, s:o, s:I}", "function",
					  json_text(trace_string(trace, frame->function)), "file",
					  json_text(trace_string(trace, frame->file)), "line",
					  (json_int_t)frame->line));
	}
	return array;
}

json_t *trace_json_thread(const struct trace *trace, uint32_t thread)
{
	const struct trace_thread *of = trace_thread(trace, thread);

	if (!of)
		return json_null();
	return json_pack("{s:I, s:I, s:o}", "thread", (json_int_t)thread, "tid",
			 (json_int_t)of->tid, "name", json_text(trace_string(trace, of->name)));
}

void trace_json_print(FILE *stream, json_t *root)
{
	json_dumpf(root, stream, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
	putc('\n', stream);
	json_decref(root);
}
