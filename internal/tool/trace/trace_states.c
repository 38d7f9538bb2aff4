/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_states.h"

#include "tool/trace/trace_wakers.h"

/* A wait that is asked for a little after the scheduler says that it has begun: the clocks are compared to so much. */
#define SLACK_NS 2000

/* Without a scheduler's record a call that took this long has blocked. */
#define LONG_CALL_NS 20000

static const struct trace_state_item nothing = {
	.cpu = TRACE_NO_CPU, .object = TRACE_NO_OBJECT, .waker = TRACE_NO_THREAD};

static void flush(struct trace_making *making, struct trace_live *live)
{
	if (live->held.end_ns > live->held.start_ns)
		trace_writer_state(making->writer, live->thread, &live->held);
	live->held = nothing;
}

static bool goes_on(const struct trace_state_item *held, const struct trace_state_item *item)
{
	return held->end_ns > held->start_ns && held->state == item->state &&
	       held->cpu == item->cpu && held->object == item->object &&
	       held->stack == item->stack && held->waker == item->waker &&
	       held->waker_stack == item->waker_stack && held->is_preempted == item->is_preempted &&
	       held->call == item->call && item->state != TRACE_STATE_RUNNABLE;
}

/* From where it stands up to a time; what was before that is written. */
static void put(struct trace_making *making, struct trace_live *live, struct trace_state_item item,
		uint64_t to_ns)
{
	if (to_ns <= live->since_ns)
		return;
	item.start_ns = live->since_ns;
	item.end_ns = to_ns;
	live->since_ns = to_ns;
	if (goes_on(&live->held, &item)) {
		live->held.end_ns = to_ns;
		return;
	}
	flush(making, live);
	live->held = item;
}

static void put_state(struct trace_making *making, struct trace_live *live, enum trace_state state,
		      uint64_t to_ns)
{
	struct trace_state_item item = nothing;

	item.state = state;
	put(making, live, item, to_ns);
}

static bool is_call(const struct trace_live *live)
{
	return live->next.type == TRACE_SYSCALL;
}

/* It was on its CPU up to a time: in its own code, and from the start of live->next on in that system call. */
static void put_running(struct trace_making *making, struct trace_live *live, uint64_t to_ns)
{
	struct trace_state_item item = nothing;
	uint64_t own_ns = to_ns;

	if (is_call(live) && live->next.start_ns < to_ns)
		own_ns = live->next.start_ns;
	item.cpu = live->cpu;
	item.state = TRACE_STATE_RUNNING;
	put(making, live, item, own_ns);
	if (own_ns == to_ns)
		return;
	item.state = TRACE_STATE_SYSCALL;
	item.call = (uint32_t)live->next.arguments[0] + 1;
	item.stack = trace_stack_of(making->stacks, live->next.node);
	put(making, live, item, to_ns);
}

/* What it is blocked in: live->next, where that covers a time. */
static struct trace_state_item blocked_item(struct trace_making *making,
					    const struct trace_live *live, uint64_t from_ns)
{
	const struct trace_raw_event *event = &live->next;
	struct trace_state_item item = nothing;

	item.state = TRACE_STATE_BLOCKED;
	if (event->type == TRACE_NONE || event->start_ns > from_ns + SLACK_NS)
		return item;
	if (event->type == TRACE_WAIT) {
		item.state = trace_state_of_wait(event->arguments[0]);
		item.object =
			trace_wakes_object(making->wakes, event->arguments[1], event->arguments[0]);
	} else if (event->type == TRACE_SYSCALL) {
		item.state = trace_state_of_call(event->arguments[0]);
		item.call = (uint32_t)event->arguments[0] + 1;
	} else if (event->type == TRACE_LOST) {
		item.state = TRACE_STATE_UNKNOWN;
	}
	item.stack = trace_stack_of(making->stacks, event->node);
	return item;
}

static bool is_wait(const struct trace_state_item *item)
{
	return item->state != TRACE_STATE_BLOCKED && item->state != TRACE_STATE_UNKNOWN;
}

/* Woken in a wait for a condition already: what it blocks in now, inside of the same wait, is to get the mutex back. Who signals mostly
 * has it, and stays the waker. */
static bool is_for_mutex(const struct trace_live *live, const struct trace_state_item *item)
{
	return item->state == TRACE_STATE_COND && live->wake.thread != TRACE_NO_THREAD;
}

/* It was off its CPU up to a time, at which it came to one (`is_back`) or the trace ended. */
static void put_blocked(struct trace_making *making, struct trace_live *live, uint64_t to_ns,
			bool is_back)
{
	struct trace_state_item item = blocked_item(making, live, live->since_ns);
	uint64_t ready_ns = to_ns;

	live->wake.ns = 0;
	/* Who has woken it may have done so when it was on its way already, as that is counted here. */
	if (is_for_mutex(live, &item)) {
		item.state = TRACE_STATE_MUTEX;
		item.object = TRACE_NO_OBJECT;
	} else if (is_back && is_wait(&item)) {
		trace_wakers_find(making, live, live->since_ns, to_ns + making->turn_ns);
	}
	if (live->wake.ns > to_ns)
		live->wake.ns = to_ns;
	if (is_back)
		ready_ns = trace_wakers_ready(making, live, live->since_ns, to_ns, live->wake.ns);
	item.waker = live->wake.thread;
	item.waker_stack = live->wake.stack;
	put(making, live, item, ready_ns);
	item.state = TRACE_STATE_RUNNABLE;
	put(making, live, item, to_ns);
}

static void put_ready(struct trace_making *making, struct trace_live *live, uint64_t to_ns,
		      bool is_preempted)
{
	struct trace_state_item item = nothing;
	uint64_t from_ns = live->since_ns;

	trace_wakers_ready(making, live, from_ns, to_ns, from_ns);
	item.state = TRACE_STATE_RUNNABLE;
	item.is_preempted = is_preempted;
	if (is_preempted && is_call(live) && live->next.start_ns <= from_ns)
		item.call = (uint32_t)live->next.arguments[0] + 1;
	put(making, live, item, to_ns);
}

/* Up to the time of a switch, by what it was in. */
static void put_until(struct trace_making *making, struct trace_live *live, uint64_t ns,
		      bool comes_in)
{
	switch (live->sched) {
	case TRACE_SCHED_RUNNING:
		/* It left unseen where it comes to one now. */
		if (comes_in)
			put_state(making, live, TRACE_STATE_UNKNOWN, ns);
		else
			put_running(making, live, ns);
		break;
	case TRACE_SCHED_MADE:
	case TRACE_SCHED_PREEMPTED:
		if (comes_in)
			put_ready(making, live, ns, live->sched == TRACE_SCHED_PREEMPTED);
		else
			put_state(making, live, TRACE_STATE_UNKNOWN, ns);
		break;
	case TRACE_SCHED_BLOCKED:
		if (comes_in)
			put_blocked(making, live, ns, true);
		else
			put_state(making, live, TRACE_STATE_UNKNOWN, ns);
		break;
	case TRACE_SCHED_NONE:
	case TRACE_SCHED_FRESH:
	case TRACE_SCHED_UNKNOWN:
		put_state(making, live, TRACE_STATE_UNKNOWN, ns);
		break;
	}
}

void trace_states_in(struct trace_making *making, struct trace_live *live, uint64_t ns,
		     uint32_t cpu)
{
	put_until(making, live, ns, true);
	live->sched = TRACE_SCHED_RUNNING;
	live->cpu = cpu;
}

void trace_states_was(struct trace_live *live, const struct spool_switch *last)
{
	static const enum trace_sched scheds[] = {
		[SPOOL_SWITCH_IN] = TRACE_SCHED_RUNNING,
		[SPOOL_SWITCH_BLOCKED] = TRACE_SCHED_BLOCKED,
		[SPOOL_SWITCH_PREEMPTED] = TRACE_SCHED_PREEMPTED,
		[SPOOL_SWITCH_BEGIN] = TRACE_SCHED_MADE,
	};

	if (last->kind >= SPOOL_SWITCH_END)
		return;
	live->sched = scheds[last->kind];
	if (last->kind == SPOOL_SWITCH_IN)
		live->cpu = last->cpu;
}

void trace_states_met(struct trace_live *live, uint32_t cpu)
{
	if (live->sched == TRACE_SCHED_FRESH)
		live->sched = TRACE_SCHED_RUNNING;
	if (live->sched == TRACE_SCHED_RUNNING && live->cpu == TRACE_NO_CPU)
		live->cpu = cpu;
}

void trace_states_out(struct trace_making *making, struct trace_live *live, uint64_t ns,
		      uint32_t cpu, bool is_preempted)
{
	trace_states_met(live, cpu);
	put_until(making, live, ns, false);
	live->sched = is_preempted ? TRACE_SCHED_PREEMPTED : TRACE_SCHED_BLOCKED;
}

/* Without a scheduler's record: a wait, or a call that took long, is all that is known. */
static void put_event(struct trace_making *making, struct trace_live *live)
{
	const struct trace_raw_event *event = &live->next;
	struct trace_state_item item;

	if (is_call(live) && event->end_ns - event->start_ns < LONG_CALL_NS)
		return;
	put_state(making, live, TRACE_STATE_UNKNOWN, event->start_ns);
	item = blocked_item(making, live, event->start_ns);
	live->wake = (struct trace_wake_item){.thread = TRACE_NO_THREAD};
	trace_wakers_find(making, live, event->start_ns, event->end_ns);
	item.waker = live->wake.thread;
	item.waker_stack = live->wake.stack;
	put(making, live, item, event->end_ns);
}

void trace_states_event(struct trace_making *making, struct trace_live *live)
{
	trace_states_met(live, TRACE_NO_CPU);
	if (live->sched == TRACE_SCHED_NONE)
		put_event(making, live);
	else if (live->sched == TRACE_SCHED_RUNNING && is_call(live))
		put_running(making, live, live->next.end_ns);
}

void trace_states_lose(struct trace_making *making, struct trace_live *live, uint64_t ns,
		       bool is_for_good)
{
	if (live->sched == TRACE_SCHED_RUNNING)
		put_running(making, live, ns);
	else if (live->sched == TRACE_SCHED_BLOCKED && is_for_good)
		put_blocked(making, live, ns, false);
	live->sched = is_for_good ? TRACE_SCHED_NONE : TRACE_SCHED_UNKNOWN;
}

/* The same of a wait whose end was never written. */
static void put_unfinished(struct trace_making *making, struct trace_live *live, uint64_t ns)
{
	if (live->next.start_ns >= ns)
		return;
	put_state(making, live, TRACE_STATE_UNKNOWN, live->next.start_ns);
	put(making, live, blocked_item(making, live, live->next.start_ns), ns);
}

void trace_states_end(struct trace_making *making, struct trace_live *live, uint64_t ns)
{
	if (live->sched == TRACE_SCHED_RUNNING)
		put_running(making, live, ns);
	else if (live->sched == TRACE_SCHED_BLOCKED)
		put_blocked(making, live, ns, false);
	else if (live->sched == TRACE_SCHED_MADE || live->sched == TRACE_SCHED_PREEMPTED)
		put_ready(making, live, ns, live->sched == TRACE_SCHED_PREEMPTED);
	else if (live->sched == TRACE_SCHED_NONE && live->next.end_ns == UINT64_MAX &&
		 live->next.type != TRACE_NONE)
		put_unfinished(making, live, ns);
	put_state(making, live, TRACE_STATE_UNKNOWN, ns);
	flush(making, live);
}
