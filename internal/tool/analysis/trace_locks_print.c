/* SPDX-License-Identifier: MIT */
#include "tool/analysis/trace_locks_print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/analysis/trace_text.h"
#include "tool/common/human.h"
#include "tool/common/names.h"
#include "tool/common/table.h"

/* Frames of a stack, and pairs of a lock, that are shown; JSON has them all. */
enum { FRAMES_MAX = 4, PAIRS_MAX = 10 };

/* The column of waits in vain is there where there were any. */
static void add_head(struct table *table, const struct trace_lock *locks, size_t count)
{
	bool in_vain = false;

	table_add_titles(table, (const char *const[]){"object", "waits", "total", "longest", "at",
						      "by", "ended by", NULL});
	for (size_t i = 0; i < count; i++)
		in_vain = in_vain || locks[i].sum.unsuccessful > 0;
	if (in_vain)
		table->rows[0][table->columns++] = xstrdup("in vain");
}

static void add_row(struct table *table, const struct trace *trace, const struct trace_lock *lock)
{
	const struct trace_lock_sum *sum = &lock->sum;
	char **cells = table_add_row(table);

	cells[0] = trace_text_object(trace, lock->object);
	cells[1] = xasprintf("%" PRIu64, sum->count);
	cells[2] = trace_text_time(sum->total_ns);
	cells[3] = trace_text_time(sum->longest_ns);
	cells[4] = xasprintf("%.6fs", (double)sum->longest_start_ns / 1e9);
	cells[5] = trace_text_thread(trace, sum->longest_thread);
	cells[6] = trace_text_thread(trace, sum->longest_waker);
	if (sum->unsuccessful)
		cells[7] = xasprintf("%" PRIu64, sum->unsuccessful);
}

static char *name_of(const struct trace *trace, uint32_t string)
{
	return string ? names_printable(trace_string(trace, string)) : xstrdup("?");
}

static void print_place(FILE *stream, const struct trace *trace, const char *what,
			uint32_t function, uint32_t stack, const char *cwd)
{
	char *name = name_of(trace, function);
	char *where = trace_text_stack(trace, stack, FRAMES_MAX, cwd);

	fprintf(stream, "      %-7s %s: %s\n", what, name, *where ? where : "not known where");
	free(name);
	free(where);
}

static void print_pair(FILE *stream, const struct trace *trace, const struct trace_lock *lock,
		       const struct trace_lock_pair *pair, const char *cwd)
{
	char total[HUMAN_SIZE], share[HUMAN_SIZE], longest[HUMAN_SIZE];

	human_value(total, sizeof(total), (int64_t)pair->sum.total_ns, "nanoseconds");
	human_percent(share, sizeof(share), (int64_t)pair->sum.total_ns,
		      (int64_t)lock->sum.total_ns);
	human_value(longest, sizeof(longest), (int64_t)pair->sum.longest_ns, "nanoseconds");
	fprintf(stream, "    %s (%s) in %" PRIu64 " wait%s, longest %s\n", total, share,
		pair->sum.count, pair->sum.count == 1 ? "" : "s", longest);
	print_place(stream, trace, "waited", pair->function, pair->stack, cwd);
	if (pair->waker_function || pair->waker_stack)
		print_place(stream, trace, lock->is_lock ? "held" : "ended", pair->waker_function,
			    pair->waker_stack, cwd);
	else
		fprintf(stream, "      %-7s not known by whom\n", lock->is_lock ? "held" : "ended");
}

static void print_pairs(FILE *stream, const struct trace *trace, const struct trace_locks *locks,
			const struct trace_lock *lock, const char *cwd)
{
	char *object = trace_text_object(trace, lock->object);

	fprintf(stream, "\n%s: %" PRIu64 " wait%s\n", object, lock->sum.count,
		lock->sum.count == 1 ? "" : "s");
	for (size_t i = 0; i < lock->count && i < PAIRS_MAX; i++)
		print_pair(stream, trace, lock, &locks->pairs[lock->first + i], cwd);
	if (lock->count > PAIRS_MAX)
		fprintf(stream, "    ... %zu more\n", lock->count - PAIRS_MAX);
	free(object);
}

void trace_locks_print(FILE *stream, const struct trace *trace, const struct trace_locks *locks,
		       size_t number)
{
	size_t shown = locks->count < number ? locks->count : number;
	struct table table = {.columns = 7, .left = 1 | 1 << 5 | 1 << 6};
	char *cwd = getcwd(NULL, 0);

	if (locks->count == 0)
		fputs("nobody waited for a lock or another object\n", stream);
	add_head(&table, locks->locks, shown);
	for (size_t i = 0; i < shown; i++)
		add_row(&table, trace, &locks->locks[i]);
	if (shown)
		table_print(stream, &table);
	if (shown < locks->count)
		fprintf(stream, "... %zu more\n", locks->count - shown);
	for (size_t i = 0; i < shown; i++)
		print_pairs(stream, trace, locks, &locks->locks[i], cwd);
	table_free(&table);
	free(cwd);
}
