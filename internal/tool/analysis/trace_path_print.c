/* SPDX-License-Identifier: MIT */
#include "tool/analysis/trace_path_print.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/analysis/trace_text.h"
#include "tool/common/human.h"
#include "tool/common/names.h"
#include "tool/common/table.h"
#include "tool/profile/frames.h"

/* Frames of a stack that are shown; JSON has them all. */
enum { FRAMES_MAX = 3 };

/* What is being printed. */
struct page {
	FILE *stream;
	const struct trace *trace;
	const struct trace_path *path;
	uint64_t total_ns;
	size_t number; /* rows */
	char *cwd;     /* may be NULL */
};

static char *share_text(const struct page *page, uint64_t ns)
{
	char text[HUMAN_SIZE];

	return xstrdup(human_percent(text, sizeof(text), (int64_t)ns, (int64_t)page->total_ns));
}

static void print_rows(const struct page *page, struct table *table, size_t all)
{
	if (table->len > 1)
		table_print(page->stream, table);
	if (all > page->number)
		fprintf(page->stream, "... %zu more\n", all - page->number);
	table_free(table);
}

static void print_states(const struct page *page)
{
	struct table table = {.columns = 3, .left = 4};

	table_add_titles(&table, (const char *const[]){"on the path", "share", "state", NULL});
	for (int i = 0; i < TRACE_STATE_COUNT; i++) {
		char **cells;

		if (!page->path->ns[i])
			continue;
		cells = table_add_row(&table);
		cells[0] = trace_text_time(page->path->ns[i]);
		cells[1] = share_text(page, page->path->ns[i]);
		cells[2] = xstrdup(trace_state_text((uint64_t)i));
	}
	print_rows(page, &table, 0);
}

static void print_threads(const struct page *page)
{
	struct table table = {.columns = 4, .left = 12};

	table_add_titles(&table, (const char *const[]){"on the path", "share", "thread",
						       "started with", NULL});
	for (size_t i = 0; i < page->path->thread_count && i < page->number; i++) {
		char **cells = table_add_row(&table);

		cells[0] = trace_text_time(page->path->thread_ns[i]);
		cells[1] = share_text(page, page->path->thread_ns[i]);
		cells[2] = trace_text_thread(page->trace, page->path->threads[i]);
		cells[3] = trace_text_function(page->trace, page->path->threads[i]);
	}
	print_rows(page, &table, page->path->thread_count);
}

static char *function_text(const struct page *page, const struct trace_path_function *function)
{
	char *name = names_printable(trace_string(page->trace, function->function));
	char *file = names_printable(trace_string(page->trace, function->file));
	const char *shown = page->cwd ? frames_short_file(file, page->cwd) : file;
	char *text = *file ? xasprintf("%s (%s)", *name ? name : "?", shown)
			   : xstrdup(*name ? name : "?");

	free(name);
	free(file);
	return text;
}

static void print_functions(const struct page *page)
{
	struct table table = {.columns = 5, .left = 16};

	table_add_titles(&table,
			 (const char *const[]){"flat", "flat%", "cum", "cum%", "function", NULL});
	for (size_t i = 0; i < page->path->function_count && i < page->number; i++) {
		const struct trace_path_function *function = &page->path->functions[i];
		char **cells = table_add_row(&table);

		cells[0] = trace_text_time(function->flat_ns);
		cells[1] = share_text(page, function->flat_ns);
		cells[2] = trace_text_time(function->cum_ns);
		cells[3] = share_text(page, function->cum_ns);
		cells[4] = function_text(page, function);
	}
	print_rows(page, &table, page->path->function_count);
}

/* What was waited for: the object, or the state where there is none. */
static char *wait_text(const struct page *page, uint32_t object, uint8_t state)
{
	char *text = trace_text_object(page->trace, object);

	if (*text)
		return text;
	free(text);
	return xstrdup(trace_state_text(state));
}

static void print_waits(const struct page *page)
{
	struct table table = {.columns = 7, .left = 1 << 4, .below = 3 << 5};

	table_add_titles(&table, (const char *const[]){"on the path", "share", "waited beside it",
						       "times", "for", "where", "ended at", NULL});
	for (size_t i = 0; i < page->path->wait_count && i < page->number; i++) {
		const struct trace_path_wait *wait = &page->path->waits[i];
		char **cells = table_add_row(&table);

		cells[0] = trace_text_time(wait->path_ns);
		cells[1] = share_text(page, wait->path_ns);
		cells[2] = trace_text_time(wait->waited_ns);
		cells[3] = xasprintf("%" PRIu64, wait->count);
		cells[4] = wait_text(page, wait->object, wait->state);
		cells[5] = trace_text_stack(page->trace, wait->stack, FRAMES_MAX, page->cwd);
		cells[6] = trace_text_stack(page->trace, wait->waker_stack, FRAMES_MAX, page->cwd);
	}
	print_rows(page, &table, page->path->wait_count);
}

/* How long the number-th longest step is. */
static uint64_t least_shown(const struct page *page)
{
	uint64_t low = 0, high = page->total_ns;

	/* The largest length that at least `number` steps reach. */
	while (low < high) {
		uint64_t middle = low + (high - low + 1) / 2;
		size_t count = 0;

		for (size_t i = 0; i < page->path->step_count; i++)
			count += page->path->steps[i].end_ns - page->path->steps[i].start_ns >=
				 middle;
		if (count >= page->number)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

static char *link_text(const struct page *page, const struct trace_path_step *step)
{
	char *what, *text, *waited;

	if (step->link == TRACE_PATH_CREATED)
		return xstrdup("it was started");
	if (step->link != TRACE_PATH_WOKEN)
		return NULL;
	what = wait_text(page, step->object, step->waited_state);
	waited = trace_text_time(step->waited_ns);
	text = xasprintf("woken from %s after %s", what, waited);
	free(waited);
	free(what);
	return text;
}

static void print_steps(const struct page *page)
{
	struct table table = {.columns = 5, .left = 28};
	uint64_t least = least_shown(page);
	size_t shown = 0;

	table_add_titles(&table, (const char *const[]){"at", "for", "thread", "state",
						       "how it came there", NULL});
	for (size_t i = 0; i < page->path->step_count && shown < page->number; i++) {
		const struct trace_path_step *step = &page->path->steps[i];
		char **cells;

		if (step->end_ns - step->start_ns < least)
			continue;
		cells = table_add_row(&table);
		cells[0] = xasprintf("%.6fs", (double)step->start_ns / 1e9);
		cells[1] = trace_text_time(step->end_ns - step->start_ns);
		cells[2] = trace_text_thread(page->trace, step->thread);
		cells[3] = xstrdup(trace_state_text(step->state));
		cells[4] = link_text(page, step);
		shown++;
	}
	print_rows(page, &table, page->path->step_count);
}

static void print_title(const struct page *page)
{
	const struct trace_path *path = page->path;
	char *thread = trace_text_thread(page->trace, path->thread);
	char *total = trace_text_time(path->to_ns - path->from_ns);

	fprintf(page->stream, "critical path to %.6fs in %s: %s, %zu steps on %zu threads\n",
		(double)path->to_ns / 1e9, thread, total, path->step_count, path->thread_count);
	if (path->step_count && path->steps[0].start_ns > path->from_ns)
		fprintf(page->stream, "before %.6fs nothing is known of its threads\n",
			(double)path->steps[0].start_ns / 1e9);
	free(total);
	free(thread);
}

void trace_path_print(FILE *stream, const struct trace *trace, const struct trace_path *path,
		      size_t number)
{
	struct page page = {stream, trace,	    path, path->to_ns - path->from_ns,
			    number, getcwd(NULL, 0)};

	print_title(&page);
	if (path->step_count) {
		print_states(&page);
		print_threads(&page);
		print_functions(&page);
		print_waits(&page);
		print_steps(&page);
	}
	free(page.cwd);
}
