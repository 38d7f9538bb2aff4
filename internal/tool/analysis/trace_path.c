/* SPDX-License-Identifier: MIT */
/* The walk. What is added up on it: trace_path_sums.c. */
#include "tool/analysis/trace_path.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "tool/analysis/trace_back.h"
#include "tool/analysis/trace_path_sums.h"

/* Wakes at one and the same moment that are followed: with clocks that differ by some ns two threads may seem to have woken each
 * other, and the walk must go on all the same. */
enum { JUMPS_MAX = 16 };

struct walk {
	const struct trace *trace;
	struct trace_path *path;
	struct trace_back *back;
	size_t cap;
	uint32_t thread;
	uint64_t at_ns;
	unsigned jumps;		     /* since time was last consumed */
	struct trace_path_step link; /* how the path came to the step that is added next */
	struct trace_path_step
		woken; /* whose wake or start was followed last, for what is between */
	bool has_jumped;
};

static bool is_blocked(enum trace_state state)
{
	return state >= TRACE_STATE_MUTEX && state <= TRACE_STATE_BLOCKED;
}

/* Add what lies before the step that was added last. */
static void add_step(struct walk *walk, struct trace_path_step step)
{
	struct trace_path *path = walk->path;

	step.start_ns = step.start_ns > path->from_ns ? step.start_ns : path->from_ns;
	if (step.start_ns >= step.end_ns)
		return;
	path->steps = xgrow(path->steps, path->step_count, &walk->cap, sizeof *path->steps);
	path->steps[path->step_count++] = step;
	walk->at_ns = step.start_ns;
	walk->jumps = 0;
}

/* A step of the thread at hand, up to where the walk is. */
static void add_item(struct walk *walk, const struct trace_state_item *item)
{
	bool blocked = is_blocked(item->state);

	add_step(walk, (struct trace_path_step){.start_ns = item->start_ns,
						.end_ns = walk->at_ns,
						.thread = walk->thread,
						.object = blocked ? item->object : TRACE_NO_OBJECT,
						.stack = blocked ? item->stack : 0,
						.state = (uint8_t)item->state});
}

/* The step that was added last, which is the next one in time, began with a wake or a start. */
static void set_link(struct walk *walk, const struct trace_path_step *link)
{
	struct trace_path *path = walk->path;
	struct trace_path_step *next;

	if (path->step_count == 0)
		return;
	next = &path->steps[path->step_count - 1];
	if (next->link != TRACE_PATH_SAME || next->thread != link->thread)
		return;
	next->link = link->link;
	next->object = link->object;
	next->stack = link->stack;
	next->waker_stack = link->waker_stack;
	next->waited_ns = link->waited_ns;
	next->waited_state = link->waited_state;
}

static void jump(struct walk *walk, uint32_t to, const struct trace_path_step *link)
{
	set_link(walk, link);
	walk->woken = *link;
	walk->has_jumped = true;
	walk->thread = to;
	walk->jumps++;
}

static bool can_jump(const struct walk *walk, uint32_t to)
{
	return to != walk->thread && trace_thread(walk->trace, to) && walk->jumps < JUMPS_MAX;
}

/* The thread did not exist yet: on to its creator. False: nothing is known of that. */
static bool to_creator(struct walk *walk)
{
	const struct trace_thread *thread = trace_thread(walk->trace, walk->thread);

	if (!thread || walk->at_ns > thread->start_ns || !can_jump(walk, thread->creator))
		return false;
	jump(walk, thread->creator,
	     &(struct trace_path_step){.thread = walk->thread,
				       .object = TRACE_NO_OBJECT,
				       .state = TRACE_STATE_RUNNABLE,
				       .link = TRACE_PATH_CREATED});
	return true;
}

/* The one that woke or started another was itself blocked at that moment, or had ended: it had done so before. What lies between
 * was a wake on its way, or a thread being started. */
static void add_between(struct walk *walk, uint64_t start_ns)
{
	struct trace_path_step step = walk->woken;
	bool is_wake = step.link == TRACE_PATH_WOKEN;

	step.start_ns = start_ns;
	step.end_ns = walk->at_ns;
	step.link = TRACE_PATH_SAME;
	step.waker_stack = 0;
	step.waited_ns = 0;
	step.state = is_wake ? step.waited_state : TRACE_STATE_RUNNABLE;
	walk->has_jumped = false;
	add_step(walk, step);
}

static void follow_item(struct walk *walk, const struct trace_state_item *item)
{
	bool has_jumped = walk->has_jumped;
	struct trace_path_step link = {.thread = walk->thread,
				       .object = item->object,
				       .stack = item->stack,
				       .waker_stack = item->waker_stack,
				       .waited_ns = item->end_ns - item->start_ns,
				       .waited_state = (uint8_t)item->state,
				       .link = TRACE_PATH_WOKEN};

	walk->has_jumped = false;
	if (!is_blocked(item->state))
		add_item(walk, item);
	else if (item->end_ns > walk->at_ns && has_jumped)
		add_between(walk, item->start_ns);
	else if (item->end_ns == walk->at_ns && can_jump(walk, item->waker))
		jump(walk, item->waker, &link);
	else
		add_item(walk, item);
}

static void follow(struct walk *walk)
{
	while (walk->at_ns > walk->path->from_ns) {
		const struct trace_state_item *item =
			trace_back_at(walk->back, walk->thread, walk->at_ns);

		const struct trace_thread *of = trace_thread(walk->trace, walk->thread);

		if (item)
			follow_item(walk, item);
		else if (walk->has_jumped && of && walk->at_ns > of->end_ns)
			add_between(walk, of->end_ns);
		else if (!to_creator(walk))
			break;
	}
}

static void reverse(struct trace_path *path)
{
	for (size_t i = 0, j = path->step_count; i + 1 < j; i++) {
		struct trace_path_step step = path->steps[i];

		path->steps[i] = path->steps[--j];
		path->steps[j] = step;
	}
}

/* The test's body in a thread's events, where it has one. */
static bool find_window(const struct trace *trace, uint32_t thread, uint64_t *from_ns,
			uint64_t *to_ns)
{
	struct trace_cursor *cursor =
		trace_cursor_new(trace, TRACE_STREAM_EVENTS, thread, 0, UINT64_MAX);
	struct trace_event event;
	bool has_begun = false, has_ended = false;

	while (!has_ended && trace_event_next(cursor, &event)) {
		if (event.type != TRACE_WINDOW)
			continue;
		if (event.arguments[0] != 0 && !has_begun) {
			*from_ns = event.end_ns;
			has_begun = true;
		} else if (event.arguments[0] == 0 && has_begun) {
			*to_ns = event.end_ns;
			has_ended = true;
		}
	}
	trace_cursor_free(cursor);
	return has_begun;
}

/* Where the walk begins. */
static void choose_end(struct walk *walk)
{
	struct trace_path *path = walk->path;
	bool is_whole = path->from_ns == 0 && path->to_ns >= trace_info(walk->trace)->span_ns;
	uint64_t from_ns = 0, to_ns = path->to_ns;
	uint32_t thread = 0;

	while (thread < trace_thread_count(walk->trace) &&
	       !find_window(walk->trace, thread, &from_ns, &to_ns))
		thread++;
	if (thread == trace_thread_count(walk->trace))
		thread = 0;
	else if (is_whole) {
		path->from_ns = from_ns;
		path->to_ns = to_ns;
	}
	path->thread = thread;
}

struct trace_path *trace_path_new(const struct trace *trace, uint32_t thread, uint64_t from_ns,
				  uint64_t to_ns)
{
	struct trace_path *path = xcalloc(1, sizeof *path);
	struct walk walk = {.trace = trace, .path = path};
	const struct trace_thread *last;

	path->from_ns = from_ns;
	path->to_ns = to_ns;
	path->thread = thread;
	if (thread == TRACE_NO_THREAD)
		choose_end(&walk);
	last = trace_thread(trace, path->thread);
	if (last && last->end_ns < path->to_ns)
		path->to_ns = last->end_ns;
	if (path->to_ns < path->from_ns)
		path->to_ns = path->from_ns;
	walk.thread = path->thread;
	walk.at_ns = path->to_ns;
	walk.back = trace_back_new(trace);
	follow(&walk);
	trace_back_free(walk.back);
	reverse(path);
	trace_path_add_up(trace, path);
	return path;
}

void trace_path_free(struct trace_path *path)
{
	if (!path)
		return;
	free(path->steps);
	free(path->functions);
	free(path->waits);
	free(path->threads);
	free(path->thread_ns);
	free(path);
}
