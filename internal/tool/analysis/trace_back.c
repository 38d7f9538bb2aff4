/* SPDX-License-Identifier: MIT */
#include "tool/analysis/trace_back.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum {
	WINDOW_ITEMS = 1024, /* that are kept of what was read */
	WINDOW_GOAL = 512,   /* that a window is meant to have */
	WINDOWS = 256,
};

/* Items of a thread without gaps between, in the order of time. `at` is where the last question was answered. */
struct window {
	uint32_t thread; /* TRACE_NO_THREAD: of none */
	uint64_t used;	 /* when it was asked last, in questions */
	size_t len, at;
	struct trace_state_item *items; /* WINDOW_ITEMS */
};

struct trace_back {
	const struct trace *trace;
	uint64_t questions;
	uint32_t *window_of; /* [thread]: its window + 1, 0: none */
	uint64_t *
		reach_ns; /* [thread]: how far back to read for about WINDOW_GOAL items, 0: not known */
	struct window windows[WINDOWS];
};

struct trace_back *trace_back_new(const struct trace *trace)
{
	struct trace_back *back = xcalloc(1, sizeof *back);

	back->trace = trace;
	back->window_of = xcalloc(trace_thread_count(trace), sizeof *back->window_of);
	back->reach_ns = xcalloc(trace_thread_count(trace), sizeof *back->reach_ns);
	for (size_t i = 0; i < WINDOWS; i++)
		back->windows[i].thread = TRACE_NO_THREAD;
	return back;
}

void trace_back_free(struct trace_back *back)
{
	for (size_t i = 0; i < WINDOWS; i++)
		free(back->windows[i].items);
	free(back->window_of);
	free(back->reach_ns);
	free(back);
}

/* The thread's window, or that which was asked for longest ago, emptied. */
static struct window *window_of(struct trace_back *back, uint32_t thread)
{
	struct window *window = &back->windows[0];

	if (back->window_of[thread])
		return &back->windows[back->window_of[thread] - 1];
	for (size_t i = 0; i < WINDOWS; i++) {
		if (back->windows[i].used < window->used)
			window = &back->windows[i];
	}
	if (window->thread != TRACE_NO_THREAD)
		back->window_of[window->thread] = 0;
	if (!window->items)
		window->items = xcalloc(WINDOW_ITEMS, sizeof *window->items);
	window->thread = thread;
	window->len = 0;
	back->window_of[thread] = (uint32_t)(window - back->windows) + 1;
	return window;
}

/* From the thread's average, the first time. */
static uint64_t first_reach(const struct trace_thread *thread)
{
	uint64_t life = thread->end_ns - thread->start_ns;

	return thread->state_count <= WINDOW_GOAL ? life + 1
						  : life / thread->state_count * WINDOW_GOAL + 1;
}

/* Bring the items into their order: the oldest is at `first` of what was filled around and around. */
static void unroll(struct window *window, size_t first)
{
	struct trace_state_item *turned;

	if (first == 0)
		return;
	turned = xcalloc(WINDOW_ITEMS, sizeof *turned);
	memcpy(turned, window->items + first, (WINDOW_ITEMS - first) * sizeof *turned);
	memcpy(turned + WINDOW_ITEMS - first, window->items, first * sizeof *turned);
	free(window->items);
	window->items = turned;
}

/* Read the items before ns. Of more than there is room for the last ones are kept. */
static void load(struct trace_back *back, struct window *window, uint64_t ns)
{
	uint32_t thread = window->thread;
	uint64_t *reach = &back->reach_ns[thread];
	uint64_t from = ns > *reach ? ns - *reach : 0;
	struct trace_cursor *cursor =
		trace_cursor_new(back->trace, TRACE_STREAM_STATES, thread, from, ns);
	struct trace_state_item item;
	size_t read = 0;

	/* Not to the cursor's end: it would look at every chunk behind. */
	while (trace_state_next(cursor, &item)) {
		if (item.start_ns < item.end_ns)
			window->items[read++ % WINDOW_ITEMS] = item;
		if (item.end_ns >= ns)
			break;
	}
	trace_cursor_free(cursor);
	window->len = read < WINDOW_ITEMS ? read : WINDOW_ITEMS;
	if (read > WINDOW_ITEMS)
		unroll(window, read % WINDOW_ITEMS);
	window->at = window->len;
	if (read > 2 * WINDOW_ITEMS)
		*reach = *reach / 4 + 1;
	else if (read < WINDOW_GOAL / 8)
		*reach = *reach < UINT64_MAX / 4 ? *reach * 4 : *reach;
}

static const struct trace_state_item *find(struct window *window, uint64_t ns)
{
	if (window->len == 0 || window->items[window->len - 1].end_ns < ns)
		return NULL;
	if (window->at < window->len && window->items[window->at].end_ns < ns)
		window->at = window->len;
	while (window->at > 0 &&
	       (window->at == window->len || window->items[window->at].start_ns >= ns))
		window->at--;
	return window->items[window->at].start_ns < ns && window->items[window->at].end_ns >= ns
		       ? &window->items[window->at]
		       : NULL;
}

const struct trace_state_item *trace_back_at(struct trace_back *back, uint32_t thread, uint64_t ns)
{
	const struct trace_thread *of = trace_thread(back->trace, thread);
	const struct trace_state_item *item;
	struct window *window;

	if (!of || ns <= of->start_ns || ns > of->end_ns)
		return NULL;
	if (!back->reach_ns[thread])
		back->reach_ns[thread] = first_reach(of);
	window = window_of(back, thread);
	window->used = ++back->questions;
	item = find(window, ns);
	if (!item) {
		load(back, window, ns);
		item = find(window, ns);
	}
	return item;
}
