/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_wakers.h"

/* Turns that make an average. */
enum { MEAN_TURNS = 8 };

/* Take up the stretch that a time lies in: from a look before it, or the thread's beginning, to the first one behind. */
static void budget_advance(const struct trace_making *making, struct trace_budget *budget,
			   uint64_t ns)
{
	const struct spool_run *runs = making->raw->runs, *run;

	if (budget->is_open && (budget->next == budget->end || runs[budget->next].ns >= ns))
		return;
	while (budget->next < budget->end && runs[budget->next].ns < ns)
		budget->next++;
	budget->is_open = true;
	budget->turns = 0;
	if (budget->next == budget->end)
		return;
	run = &runs[budget->next];
	budget->wait_ns = 0;
	if (budget->next > budget->first) {
		budget->wait_ns = (double)run->wait_ns - (double)run[-1].wait_ns;
		budget->turns = (double)run->turns - run[-1].turns;
	} else if (budget->is_whole) {
		budget->wait_ns = (double)run->wait_ns;
		budget->turns = run->turns;
	}
	/* A few turns say nothing of the next. */
	budget->mean_ns = budget->turns >= MEAN_TURNS ? budget->wait_ns / budget->turns : 0;
}

/* One turn of its stretch has been seen, with so much waiting for a CPU. */
static void budget_take(struct trace_budget *budget, double ready_ns)
{
	if (budget->turns <= 0)
		return;
	budget->turns--;
	budget->wait_ns = budget->wait_ns > ready_ns ? budget->wait_ns - ready_ns : 0;
}

static double budget_share(const struct trace_budget *budget)
{
	return budget->turns >= 1 ? budget->wait_ns / budget->turns : budget->mean_ns;
}

/* When a thread that came to a CPU at a time was made ready, by what the kernel has counted until its next look; that time itself
 * where nothing is left of it. A lock may have been given back several times since: whoever has to wait for a CPU long misses it. */
static uint64_t probably_ready_ns(struct trace_making *making, struct trace_live *live, uint64_t ns)
{
	double share;

	budget_advance(making, &live->budget, making->origin_ns + ns);
	share = live->budget.turns >= 1 ? budget_share(&live->budget) : 0;
	return share < (double)ns ? ns - (uint64_t)share : 0;
}

/* The thread joined has this time to end after it said so. */
static void find_joined(struct trace_making *making, struct trace_live *live)
{
	uint32_t thread = trace_lives_of_handle(&making->lives, live->next.arguments[1]);

	if (thread != UINT32_MAX && thread != live->thread)
		live->wake = (struct trace_wake_item){.thread = thread};
}

static void find_waker(struct trace_making *making, struct trace_live *live, uint64_t from_ns,
		       uint64_t to_ns)
{
	uint64_t kind = live->next.arguments[0];
	uint32_t object = trace_wakes_object(making->wakes, live->next.arguments[1], kind);

	/* A thread that is joined still goes a long way after it has said that it ends. */
	if (trace_wakes_find(making->wakes, object, live->thread, from_ns, to_ns,
			     probably_ready_ns(making, live, to_ns), &live->wake)) {
		if (kind == REC_WAIT_JOIN)
			live->wake.ns = 0;
	} else if (kind == REC_WAIT_JOIN) {
		find_joined(making, live);
	}
}

static void find_caller(struct trace_making *making, struct trace_live *live, uint64_t from_ns,
			uint64_t to_ns)
{
	struct trace_wake_item item = {.thread = TRACE_NO_THREAD};
	uint32_t node;

	if (!trace_calls_find(making->calls, live, from_ns, to_ns, &item, &node))
		return;
	item.stack = trace_stack_of(making->stacks, node);
	live->wake = item;
}

void trace_wakers_find(struct trace_making *making, struct trace_live *live, uint64_t from_ns,
		       uint64_t to_ns)
{
	if (live->next.type == TRACE_WAIT)
		find_waker(making, live, from_ns, to_ns);
	else if (live->next.type == TRACE_SYSCALL)
		find_caller(making, live, from_ns, to_ns);
}

void trace_wakers_begin(const struct trace_making *making, struct trace_live *live, uint32_t tid,
			uint64_t start_ns)
{
	size_t first = trace_raw_run_find(making->raw, tid, making->origin_ns + start_ns);

	live->budget =
		(struct trace_budget){.first = first,
				      .next = first,
				      .is_whole = start_ns > 0 || making->raw->cut.begin_ns == 0,
				      .end = trace_raw_run_find(making->raw, tid, UINT64_MAX)};
}

uint64_t trace_wakers_ready(struct trace_making *making, struct trace_live *live, uint64_t from_ns,
			    uint64_t to_ns, uint64_t woken_ns)
{
	struct trace_budget *budget = &live->budget;
	double share;

	budget_advance(making, budget, making->origin_ns + to_ns);
	if (woken_ns == 0) {
		share = budget_share(budget);
		woken_ns = share >= (double)(to_ns - from_ns) ? from_ns : to_ns - (uint64_t)share;
	}
	budget_take(budget, (double)(to_ns - woken_ns));
	return woken_ns;
}
