/* SPDX-License-Identifier: MIT */
/* A critical path as data; declared in trace_path_print.h. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "tool/analysis/trace_json.h"
#include "tool/analysis/trace_path_print.h"
#include "tool/analysis/trace_text.h"
#include "tool/common/json_text.h"

/* Changes when a member changes its meaning or goes. */
#define SCHEMA 1

static json_t *object_json(const struct trace *trace, uint32_t object)
{
	char *text = trace_text_object(trace, object);
	json_t *value = *text ? json_text(text) : json_null();

	free(text);
	return value;
}

static json_t *states_json(const struct trace_path *path)
{
	json_t *ns = json_object();

	for (int i = 0; i < TRACE_STATE_COUNT; i++)
		json_object_set_new(ns, trace_state_text((uint64_t)i), json_number(path->ns[i]));
	return ns;
}

static json_t *functions_json(const struct trace *trace, const struct trace_path *path)
{
	json_t *array = json_array();

	for (size_t i = 0; i < path->function_count; i++) {
		const struct trace_path_function *function = &path->functions[i];

		json_array_append_new(
			array, json_pack("{s:o, s:o, s:I, s:I}", "function",
					 json_text(trace_string(trace, function->function)), "file",
					 json_text(trace_string(trace, function->file)), "flat_ns",
					 (json_int_t)function->flat_ns, "cum_ns",
					 (json_int_t)function->cum_ns));
	}
	return array;
}

static json_t *waits_json(const struct trace *trace, const struct trace_path *path)
{
	json_t *array = json_array();

	for (size_t i = 0; i < path->wait_count; i++) {
		const struct trace_path_wait *wait = &path->waits[i];

		json_array_append_new(array,
				      json_pack("{s:s, s:o, s:I, s:I, s:I, s:o, s:o}", "state",
						trace_state_text(wait->state), "object",
						object_json(trace, wait->object), "times",
						(json_int_t)wait->count, "path_ns",
						(json_int_t)wait->path_ns, "waited_ns",
						(json_int_t)wait->waited_ns, "stack",
						trace_json_stack(trace, wait->stack), "ended_at",
						trace_json_stack(trace, wait->waker_stack)));
	}
	return array;
}

static json_t *threads_json(const struct trace *trace, const struct trace_path *path)
{
	json_t *array = json_array();

	for (size_t i = 0; i < path->thread_count; i++)
		json_array_append_new(array, json_pack("{s:o, s:I}", "thread",
						       trace_json_thread(trace, path->threads[i]),
						       "ns", (json_int_t)path->thread_ns[i]));
	return array;
}

static int longest_first(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x < y) - (x > y);
}

/* How long a step is at least, so that at most `most` are: 0 where all are few enough. */
static uint64_t shortest_of(const struct trace_path *path, size_t most)
{
	uint64_t *lengths, shortest;

	if (path->step_count <= most)
		return 0;
	lengths = xcalloc(path->step_count, sizeof *lengths);
	for (size_t i = 0; i < path->step_count; i++)
		lengths[i] = path->steps[i].end_ns - path->steps[i].start_ns;
	qsort(lengths, path->step_count, sizeof *lengths, longest_first);
	shortest = lengths[most] + 1;
	free(lengths);
	return shortest;
}

static json_t *steps_json(const struct trace *trace, const struct trace_path *path,
			  uint64_t shortest_ns)
{
	static const char *const links[] = {[TRACE_PATH_SAME] = "same",
					    [TRACE_PATH_WOKEN] = "woken",
					    [TRACE_PATH_CREATED] = "created"};
	json_t *array = json_array();

	for (size_t i = 0; i < path->step_count; i++) {
		const struct trace_path_step *step = &path->steps[i];

		if (step->end_ns - step->start_ns < shortest_ns)
			continue;
		json_array_append_new(array, json_pack("{s:I, s:I, s:I, s:s, s:s, s:o, s:I}",
						       "start_ns", (json_int_t)step->start_ns,
						       "end_ns", (json_int_t)step->end_ns, "thread",
						       (json_int_t)step->thread, "state",
						       trace_state_text(step->state), "came",
						       links[step->link], "object",
						       object_json(trace, step->object),
						       "waited_ns", (json_int_t)step->waited_ns));
	}
	return array;
}

void trace_path_print_json(FILE *stream, const struct trace *trace, const struct trace_path *path,
			   size_t step_max)
{
	json_t *steps = steps_json(trace, path, shortest_of(path, step_max));
	json_t *root = trace_json_new(trace, SCHEMA, path->from_ns, path->to_ns);

	json_object_set_new(root, "thread", trace_json_thread(trace, path->thread));
	json_object_set_new(root, "ns", states_json(path));
	json_object_set_new(root, "on_threads", threads_json(trace, path));
	json_object_set_new(root, "functions", functions_json(trace, path));
	json_object_set_new(root, "waits", waits_json(trace, path));
	json_object_set_new(root, "steps_left_out",
			    json_number(path->step_count - json_array_size(steps)));
	json_object_set_new(root, "steps", steps);
	trace_json_print(stream, root);
}
