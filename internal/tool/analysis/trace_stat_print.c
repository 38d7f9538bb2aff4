/* SPDX-License-Identifier: MIT */
#include "tool/analysis/trace_stat_print.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "tool/analysis/trace_text.h"
#include "tool/common/human.h"
#include "tool/common/names.h"
#include "tool/common/table.h"

enum { NAME_COLUMNS = 2, TOTAL_COLUMN = NAME_COLUMNS };

_Static_assert(NAME_COLUMNS + 1 + TRACE_STATE_COUNT <= TABLE_COLUMNS_MAX,
	       "a row has room for all states");

/* As the columns of `go tool trace` are called, where it has them. */
static const char *title_of(enum trace_state state)
{
	switch (state) {
	case TRACE_STATE_RUNNING:
		return "execution";
	case TRACE_STATE_SYSCALL:
		return "syscall";
	case TRACE_STATE_RUNNABLE:
		return "sched wait";
	default:
		return trace_state_text(state);
	}
}

/* States that have a column. */
static size_t shown_states(const struct trace_stat *stat, enum trace_state *shown)
{
	size_t count = 0;

	for (int i = 0; i < TRACE_STATE_COUNT; i++) {
		if (i == TRACE_STATE_RUNNING || stat->times.ns[i])
			shown[count++] = (enum trace_state)i;
	}
	return count;
}

static void add_head(struct table *table, const char *first, const char *second,
		     const enum trace_state *shown, size_t count)
{
	char **cells = table_add_row(table);

	cells[0] = xstrdup(first);
	cells[1] = xstrdup(second);
	cells[TOTAL_COLUMN] = xstrdup("total");
	for (size_t i = 0; i < count; i++)
		cells[TOTAL_COLUMN + 1 + i] = xstrdup(title_of(shown[i]));
}

/* The first two are taken over. */
static void add_row(struct table *table, char *first, char *second,
		    const struct trace_stat_times *times, const enum trace_state *shown,
		    size_t count)
{
	char **cells = table_add_row(table);

	cells[0] = first;
	cells[1] = second;
	cells[TOTAL_COLUMN] = trace_text_time(times->total_ns);
	for (size_t i = 0; i < count; i++) {
		if (times->ns[shown[i]])
			cells[TOTAL_COLUMN + 1 + i] = trace_text_time(times->ns[shown[i]]);
	}
}

static char *function_text(const struct trace *trace, uint32_t function)
{
	return function ? names_printable(trace_string(trace, function)) : xstrdup("?");
}

static void print_groups(FILE *stream, const struct trace *trace, const struct trace_stat *stat)
{
	enum trace_state shown[TRACE_STATE_COUNT];
	size_t count = shown_states(stat, shown);
	struct table table = {.columns = NAME_COLUMNS + 1 + count, .left = 1};

	add_head(&table, "started with", "threads", shown, count);
	for (size_t i = 0; i < stat->group_count; i++) {
		const struct trace_stat_group *group = &stat->groups[i];

		add_row(&table, function_text(trace, group->function),
			xasprintf("%zu", group->count), &group->times, shown, count);
	}
	if (stat->group_count > 1)
		add_row(&table, xstrdup("all"), xasprintf("%zu", stat->thread_count), &stat->times,
			shown, count);
	table_print(stream, &table);
	table_free(&table);
}

static void print_threads(FILE *stream, const struct trace *trace, const struct trace_stat *stat)
{
	enum trace_state shown[TRACE_STATE_COUNT];
	size_t count = shown_states(stat, shown);
	struct table table = {.columns = NAME_COLUMNS + 1 + count, .left = 3};

	add_head(&table, "started with", "thread", shown, count);
	for (size_t i = 0; i < stat->thread_count; i++) {
		const struct trace_stat_thread *thread = &stat->threads[i];

		add_row(&table, trace_text_function(trace, thread->thread),
			trace_text_thread(trace, thread->thread), &thread->times, shown, count);
	}
	table_print(stream, &table);
	table_free(&table);
}

static void print_title(FILE *stream, const struct trace *trace, const struct trace_stat *stat,
			const char *func)
{
	const struct trace_info *info = trace_info(trace);
	char *test = names_printable(func), *outcome = names_printable(info->outcome);
	char *source = names_printable(info->source);
	char span[HUMAN_SIZE];

	fprintf(stream, "%s: %s, %s, %" PRIu32 " CPUs, %zu threads, %" PRIu64 " events", test,
		*outcome ? outcome : "how it ended is not known",
		human_value(span, sizeof(span), (int64_t)info->span_ns, "nanoseconds"),
		info->cpu_count, trace_thread_count(trace), info->event_count);
	if (info->fault_count > 0)
		fprintf(stream, ", %" PRIu32 " of them page faults", info->fault_count);
	fprintf(stream, "; who ran: %s\n", *source ? source : "not known");
	if (stat->from_ns > 0 || stat->to_ns < info->span_ns)
		fprintf(stream, "from %.9fs to %.9fs: %zu threads\n", (double)stat->from_ns / 1e9,
			(double)stat->to_ns / 1e9, stat->thread_count);
	free(source);
	free(outcome);
	free(test);
}

void trace_stat_print(FILE *stream, const struct trace *trace, const struct trace_stat *stat,
		      const char *func)
{
	print_title(stream, trace, stat, func);
	if (!stat->thread_count)
		return;
	print_groups(stream, trace, stat);
	print_threads(stream, trace, stat);
}
