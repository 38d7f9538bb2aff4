/* SPDX-License-Identifier: MIT */
/* Thread analysis as data; declared in trace_stat_print.h. */
#include <inttypes.h>
#include <jansson.h>

#include "base/xalloc.h"
#include "tool/analysis/trace_json.h"
#include "tool/analysis/trace_stat_print.h"
#include "tool/common/csv.h"
#include "tool/common/json_text.h"

/* Changes when a member changes its meaning or goes. */
#define SCHEMA 1

void trace_stat_print_csv(FILE *stream, const struct trace *trace, const struct trace_stat *stat)
{
	fputs("started_with,name,tid,start_ns,end_ns,events,lost_events,total_ns", stream);
	for (int i = 0; i < TRACE_STATE_COUNT; i++)
		fprintf(stream, ",%s_ns", trace_state_text((uint64_t)i));
	fputs("\r\n", stream);
	for (size_t i = 0; i < stat->thread_count; i++) {
		const struct trace_stat_thread *row = &stat->threads[i];
		const struct trace_thread *thread = trace_thread(trace, row->thread);

		csv_put(stream, trace_string(trace, thread->function));
		putc(',', stream);
		csv_put(stream, trace_string(trace, thread->name));
		fprintf(stream,
			",%" PRIu32 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64,
			thread->tid, thread->start_ns, thread->end_ns, thread->event_count,
			thread->lost_events, row->times.total_ns);
		for (int j = 0; j < TRACE_STATE_COUNT; j++)
			fprintf(stream, ",%" PRIu64, row->times.ns[j]);
		fputs("\r\n", stream);
	}
}

static void set_times(json_t *object, const struct trace_stat_times *times)
{
	json_t *ns = json_object();

	for (int i = 0; i < TRACE_STATE_COUNT; i++)
		json_object_set_new(ns, trace_state_text((uint64_t)i), json_number(times->ns[i]));
	json_object_set_new(object, "total_ns", json_number(times->total_ns));
	json_object_set_new(object, "ns", ns);
}

static json_t *thread_json(const struct trace *trace, const struct trace_stat_thread *row)
{
	const struct trace_thread *thread = trace_thread(trace, row->thread);
	json_t *object = json_pack("{s:I, s:I, s:o, s:I, s:I, s:b, s:I, s:I}", "thread",
				   (json_int_t)row->thread, "tid", (json_int_t)thread->tid, "name",
				   json_text(trace_string(trace, thread->name)), "start_ns",
				   (json_int_t)thread->start_ns, "end_ns",
				   (json_int_t)thread->end_ns, "is_alive", (int)thread->is_alive,
				   "events", (json_int_t)thread->event_count, "lost_events",
				   (json_int_t)thread->lost_events);

	set_times(object, &row->times);
	return object;
}

static json_t *group_json(const struct trace *trace, const struct trace_stat *stat,
			  const struct trace_stat_group *group)
{
	json_t *threads = json_array();
	json_t *object = json_pack("{s:o, s:I}", "started_with",
				   json_text(trace_string(trace, group->function)), "count",
				   (json_int_t)group->count);

	set_times(object, &group->times);
	for (size_t i = 0; i < group->count; i++)
		json_array_append_new(threads,
				      thread_json(trace, &stat->threads[group->first + i]));
	json_object_set_new(object, "threads", threads);
	return object;
}

void trace_stat_print_json(FILE *stream, const struct trace *trace, const struct trace_stat *stat)
{
	json_t *root = trace_json_new(trace, SCHEMA, stat->from_ns, stat->to_ns);
	json_t *groups = json_array();

	for (size_t i = 0; i < stat->group_count; i++)
		json_array_append_new(groups, group_json(trace, stat, &stat->groups[i]));
	set_times(root, &stat->times);
	json_object_set_new(root, "groups", groups);
	trace_json_print(stream, root);
}
