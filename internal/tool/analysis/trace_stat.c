/* SPDX-License-Identifier: MIT */
#include "tool/analysis/trace_stat.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static void add(struct trace_stat_times *to, const struct trace_stat_times *times)
{
	for (int i = 0; i < TRACE_STATE_COUNT; i++)
		to->ns[i] += times->ns[i];
	to->total_ns += times->total_ns;
}

static void add_item(struct trace_stat_times *times, const struct trace_state_item *item,
		     uint64_t from_ns, uint64_t to_ns)
{
	uint64_t start = item->start_ns > from_ns ? item->start_ns : from_ns;
	uint64_t end = item->end_ns < to_ns ? item->end_ns : to_ns;

	if (start >= end || item->state >= TRACE_STATE_COUNT)
		return;
	times->ns[item->state] += end - start;
	times->total_ns += end - start;
}

/* From the streams. */
static struct trace_stat_times times_between(const struct trace *trace, uint32_t thread,
					     uint64_t from_ns, uint64_t to_ns)
{
	struct trace_cursor *cursor =
		trace_cursor_new(trace, TRACE_STREAM_STATES, thread, from_ns, to_ns);
	struct trace_stat_times times = {0};
	struct trace_state_item item;

	while (trace_state_next(cursor, &item))
		add_item(&times, &item, from_ns, to_ns);
	trace_cursor_free(cursor);
	return times;
}

/* From the file's own sums. */
static struct trace_stat_times times_of(const struct trace_thread *thread)
{
	struct trace_stat_times times = {0};

	for (int i = 0; i < TRACE_STATE_COUNT; i++) {
		times.ns[i] = thread->state_ns[i];
		times.total_ns += thread->state_ns[i];
	}
	return times;
}

static void collect(struct trace_stat *stat, const struct trace *trace)
{
	size_t count = trace_thread_count(trace);
	bool is_whole = stat->from_ns == 0 && stat->to_ns >= trace_info(trace)->span_ns;

	stat->threads = xcalloc(count, sizeof *stat->threads);
	for (uint32_t i = 0; i < count; i++) {
		const struct trace_thread *thread = trace_thread(trace, i);

		if (!is_whole &&
		    (thread->start_ns >= stat->to_ns || thread->end_ns <= stat->from_ns))
			continue;
		stat->threads[stat->thread_count++] = (struct trace_stat_thread){
			i, is_whole ? times_of(thread)
				    : times_between(trace, i, stat->from_ns, stat->to_ns)};
	}
}

/* What sorting needs of a thread: its group's execution comes first. */
struct key {
	struct trace_stat_thread thread;
	uint32_t function;
};

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int by_times(const struct trace_stat_times *a, const struct trace_stat_times *b)
{
	int order = compare(b->ns[TRACE_STATE_RUNNING], a->ns[TRACE_STATE_RUNNING]);

	return order ? order : compare(b->total_ns, a->total_ns);
}

static int by_function(const void *left, const void *right)
{
	const struct key *a = left, *b = right;
	int order = compare(a->function, b->function);

	order = order ? order : by_times(&a->thread.times, &b->thread.times);
	return order ? order : compare(a->thread.thread, b->thread.thread);
}

static int by_execution(const void *left, const void *right)
{
	const struct trace_stat_group *a = left, *b = right;
	int order = by_times(&a->times, &b->times);

	return order ? order : compare(a->function, b->function);
}

static void make_groups(struct trace_stat *stat, const struct key *keys)
{
	stat->groups = xcalloc(stat->thread_count, sizeof *stat->groups);
	for (size_t i = 0; i < stat->thread_count; i++) {
		struct trace_stat_group *group;

		if (i == 0 || keys[i].function != keys[i - 1].function)
			stat->groups[stat->group_count++] =
				(struct trace_stat_group){keys[i].function, i, 0, {{0}, 0}};
		group = &stat->groups[stat->group_count - 1];
		group->count++;
		add(&group->times, &keys[i].thread.times);
		add(&stat->times, &keys[i].thread.times);
	}
	qsort(stat->groups, stat->group_count, sizeof *stat->groups, by_execution);
}

/* Threads in the order of the groups. */
static void order_threads(struct trace_stat *stat, const struct key *keys)
{
	size_t next = 0;

	for (size_t i = 0; i < stat->group_count; i++) {
		struct trace_stat_group *group = &stat->groups[i];

		for (size_t j = 0; j < group->count; j++)
			stat->threads[next + j] = keys[group->first + j].thread;
		group->first = next;
		next += group->count;
	}
}

struct trace_stat *trace_stat_new(const struct trace *trace, uint64_t from_ns, uint64_t to_ns)
{
	struct trace_stat *stat = xcalloc(1, sizeof *stat);
	struct key *keys;

	stat->from_ns = from_ns;
	stat->to_ns = to_ns;
	collect(stat, trace);
	keys = xcalloc(stat->thread_count, sizeof *keys);
	for (size_t i = 0; i < stat->thread_count; i++) {
		keys[i].thread = stat->threads[i];
		keys[i].function = trace_thread(trace, stat->threads[i].thread)->function;
	}
	qsort(keys, stat->thread_count, sizeof *keys, by_function);
	make_groups(stat, keys);
	order_threads(stat, keys);
	free(keys);
	return stat;
}

void trace_stat_free(struct trace_stat *stat)
{
	if (!stat)
		return;
	free(stat->threads);
	free(stat->groups);
	free(stat);
}
