/* SPDX-License-Identifier: MIT */
/* Locks as data; declared in trace_locks_print.h. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "tool/analysis/trace_json.h"
#include "tool/analysis/trace_locks_print.h"
#include "tool/common/json_text.h"

/* Changes when a member changes its meaning or goes. */
#define SCHEMA 1

static void set_sum(json_t *object, const struct trace *trace, const struct trace_lock_sum *sum)
{
	json_object_set_new(object, "waits", json_number(sum->count));
	json_object_set_new(object, "total_ns", json_number(sum->total_ns));
	json_object_set_new(object, "unsuccessful", json_number(sum->unsuccessful));
	json_object_set_new(object, "longest",
			    json_pack("{s:I, s:I, s:o, s:o}", "ns", (json_int_t)sum->longest_ns,
				      "start_ns", (json_int_t)sum->longest_start_ns, "thread",
				      trace_json_thread(trace, sum->longest_thread), "ended_by",
				      trace_json_thread(trace, sum->longest_waker)));
}

static json_t *side_json(const struct trace *trace, uint32_t function, uint32_t stack)
{
	return json_pack("{s:o, s:o}", "started_with", json_text(trace_string(trace, function)),
			 "stack", trace_json_stack(trace, stack));
}

static json_t *pair_json(const struct trace *trace, const struct trace_lock_pair *pair)
{
	json_t *object = json_pack(
		"{s:o, s:o}", "waiter", side_json(trace, pair->function, pair->stack), "ended_by",
		pair->waker_function || pair->waker_stack
			? side_json(trace, pair->waker_function, pair->waker_stack)
			: json_null());

	set_sum(object, trace, &pair->sum);
	return object;
}

static json_t *lock_json(const struct trace *trace, const struct trace_locks *locks,
			 const struct trace_lock *lock)
{
	const struct trace_object *of = trace_object(trace, lock->object);
	char *address = xasprintf("0x%" PRIx64, of->address);
	json_t *pairs = json_array();
	json_t *object = json_pack("{s:s, s:s, s:b}", "kind", trace_wait_text(of->kind), "address",
				   address, "is_lock", (int)lock->is_lock);

	set_sum(object, trace, &lock->sum);
	for (size_t i = 0; i < lock->count; i++)
		json_array_append_new(pairs, pair_json(trace, &locks->pairs[lock->first + i]));
	json_object_set_new(object, "pairs", pairs);
	free(address);
	return object;
}

void trace_locks_print_json(FILE *stream, const struct trace *trace,
			    const struct trace_locks *locks)
{
	json_t *root = trace_json_new(trace, SCHEMA, locks->from_ns, locks->to_ns);
	json_t *array = json_array();

	for (size_t i = 0; i < locks->count; i++)
		json_array_append_new(array, lock_json(trace, locks, &locks->locks[i]));
	json_object_set_new(root, "locks", array);
	trace_json_print(stream, root);
}
