/* SPDX-License-Identifier: MIT */
#include "runtime/bench/bench_plan.h"

enum {
	/* The warm-up ends with a batch of this part of the goal. */
	WARM_SHARE = 20,
	/* A batch has at most so many times the iterations of the one before: the first tell little. */
	GROWTH = 100,
	/* A loop that keeps its timer stopped would never fill the time: it ends at this multiple of it. */
	TOTAL_PER_GOAL = 10,
};

/* An exact number of iterations is cut into batches only where reading the clock between them does not show: it takes some
 * 25 ns. */
#define SHORT_BATCH_NS UINT64_C(20000)

/* One batch of an empty loop is over within a second. */
#define MOST_ITERATIONS UINT64_C(1000000000)

uint64_t bench_plan_begin(struct bench_plan *plan, const struct rec_bench_config *config,
			  uint64_t batches)
{
	*plan = (struct bench_plan){
		.goal_ns = config->goal_ns,
		.exact = config->count,
		.batches = batches,
		.warms_up = config->warms_up && config->count == 0,
		.warm_limit_ns = config->warm_limit_ns,
		.asked = 1,
	};
	if (plan->exact != 0)
		plan->asked = (plan->exact + batches - 1) / batches;
	return plan->asked;
}

/* Iterations that take `want_ns`, if they are as long as those of the last batch. */
static uint64_t predict(const struct bench_plan *plan, uint64_t batch_ns, uint64_t want_ns)
{
	uint64_t most = plan->asked * GROWTH;
	double count = (double)most;

	if (batch_ns != 0)
		count = (double)want_ns * (double)plan->asked / (double)batch_ns;
	if (most > MOST_ITERATIONS)
		most = MOST_ITERATIONS;
	/* Nor may it go on for longer than the goal where the timer is stopped most of the time. */
	if ((double)most * (double)plan->elapsed_ns > (double)plan->goal_ns * (double)plan->asked)
		most = 1 + (uint64_t)((double)plan->goal_ns * (double)plan->asked /
				      (double)plan->elapsed_ns);
	if (count >= (double)most)
		return most;
	return (uint64_t)(count + 0.5);
}

static uint64_t next_exact(struct bench_plan *plan, uint64_t batch_ns)
{
	uint64_t left = plan->exact - plan->count;

	if (plan->asked > left || batch_ns < SHORT_BATCH_NS)
		return left;
	return plan->asked;
}

static uint64_t next_measured(struct bench_plan *plan, uint64_t batch_ns, uint64_t total_ns)
{
	uint64_t want_ns = plan->goal_ns / plan->batches, left_ns, count;

	if (plan->wall_ns >= plan->goal_ns || total_ns / TOTAL_PER_GOAL >= plan->goal_ns)
		return 0;
	left_ns = plan->goal_ns - plan->wall_ns;
	/* Not yet known how long an iteration is: as in the warm-up. */
	if (batch_ns < want_ns / GROWTH)
		return predict(plan, batch_ns, want_ns);
	/* Less than half an iteration is left. */
	if (predict(plan, batch_ns, left_ns) == 0)
		return 0;
	/* A last batch that is half as long again is better than a stub behind it. */
	if (left_ns < want_ns + want_ns / 2)
		want_ns = left_ns;
	count = predict(plan, batch_ns, want_ns);
	return count != 0 ? count : 1;
}

uint64_t bench_plan_next(struct bench_plan *plan, uint64_t batch_ns, uint64_t total_ns)
{
	bool is_warm = plan->warms_up && batch_ns < plan->warm_limit_ns;
	uint64_t want_ns;

	plan->was_measured = !is_warm;
	plan->elapsed_ns = total_ns - plan->total_ns;
	plan->total_ns = total_ns;
	if (is_warm) {
		plan->warm_count += plan->asked;
		plan->warm_ns += batch_ns;
		/* Where the timer is stopped most of the time, or a batch has all the iterations it may, none gets that
		 * long. */
		plan->warms_up =
			batch_ns < plan->goal_ns / WARM_SHARE && total_ns < plan->goal_ns / 2;
		/* A fifth more than needed, or the last one might be a little too short. */
		want_ns = plan->goal_ns / (plan->warms_up ? WARM_SHARE : plan->batches);
		plan->asked = predict(plan, batch_ns, want_ns + (plan->warms_up ? want_ns / 5 : 0));
		if (plan->asked == 0)
			plan->asked = 1;
		return plan->asked;
	}
	plan->count += plan->asked;
	plan->wall_ns += batch_ns;
	plan->asked = plan->exact != 0 ? next_exact(plan, batch_ns)
				       : next_measured(plan, batch_ns, total_ns);
	return plan->asked;
}
