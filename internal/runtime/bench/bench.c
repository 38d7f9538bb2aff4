/* SPDX-License-Identifier: MIT */
/* The functions behind the public header, and how the test's body is run. */
#include "runtime/bench/bench.h"

#include <pprofmk.h>

#include "runtime/bench/bench_loop.h"
#include "runtime/bench/bench_scope.h"

/* Measured stretches of a loop: enough to tell the spread, few enough not to show. */
enum { BATCHES = 20 };

/* How far the test is. */
static enum { STAGE_FIRST, STAGE_BODY, STAGE_DONE } stage;

/* STAGE_BODY with fixtures: calls of the body until the batch ends. */
static uint64_t left;

/* The test's own thread, while its body runs. Loops of other threads are not measured. */
static RT_TLS bool is_tests_thread;

/* Loops inside a loop run once. */
static unsigned nested;

bool bench_is_on(void)
{
	return rt_rec != NULL && rt_rec->config.bench.is_on;
}

void bench_begin(void)
{
	stage = STAGE_FIRST;
	left = 0;
}

bool bench_is_done(void)
{
	return stage == STAGE_DONE;
}

static bool is_here(void)
{
	return is_tests_thread && rt_rec != NULL;
}

static uint64_t loop_begin(void)
{
	uint64_t count;

	if (bench_is_worker())
		return bench_worker_begin();
	if (!is_here())
		return 1;
	count = bench_loop_open(1, BATCHES);
	if (count == 0) {
		nested++;
		return 1;
	}
	bench_loop_run();
	return count;
}

static uint64_t loop_next(void)
{
	uint64_t count;

	if (bench_is_worker())
		return bench_worker_next();
	if (!is_tests_thread || nested != 0)
		return 0;
	count = bench_loop_batch();
	if (count != 0)
		bench_loop_run();
	return count;
}

static void loop_end(void)
{
	if (bench_is_worker())
		bench_worker_end();
	else if (is_tests_thread && nested != 0)
		nested--;
	else if (is_tests_thread)
		bench_loop_close();
}

/* In a loop, which the repeated body of a test is too, a part is some of the operation: it would be a benchmark anew in each
 * iteration. */
static void sub_begin(const char *name)
{
	if (is_here() && !bench_loop_is_open())
		bench_scope_enter(name);
}

static void sub_end(void)
{
	if (is_here() && !bench_loop_is_open())
		bench_scope_leave();
}

static void timer_start(void)
{
	if (is_here())
		bench_loop_resume();
}

static void timer_stop(void)
{
	if (is_here())
		bench_loop_pause();
}

static void timer_reset(void)
{
	if (is_here())
		bench_loop_reset();
}

static void bytes(uint64_t op_bytes)
{
	struct rec_bench *item = is_here() ? bench_scope_item(false) : NULL;

	if (item != NULL)
		item->op_bytes = op_bytes;
}

static void metric(const char *unit, double value)
{
	if (is_here())
		bench_scope_metric(unit, value);
}

static void parallel(unsigned threads, void (*body)(void *), void *argument)
{
	if (is_here() && !bench_loop_is_open())
		bench_parallel(threads, body, argument);
	else
		body(argument);
}

static unsigned threads(void)
{
	return bench_is_on() && rt_rec->config.bench.cpus != 0 ? rt_rec->config.bench.cpus : 1;
}

static uint64_t count(void)
{
	return is_here() ? bench_loop_count() : 1;
}

/* Only libpprofmk-trace.so has it. */
extern __attribute__((weak, visibility("hidden"))) const struct pprof_trace_api_ trace_api;
/* Only libpprofmk-live.so. */
extern __attribute__((weak, visibility("hidden"))) const struct pprof_live_api_ live_program_api;

extern const struct pprof_api_ pprof_api_1;
RT_EXPORT const struct pprof_api_ pprof_api_1 = {
	.size_bytes = sizeof(struct pprof_api_),
	.loop_begin = loop_begin,
	.loop_next = loop_next,
	.loop_end = loop_end,
	.sub_begin = sub_begin,
	.sub_end = sub_end,
	.timer_start = timer_start,
	.timer_stop = timer_stop,
	.timer_reset = timer_reset,
	.bytes = bytes,
	.metric = metric,
	.parallel = parallel,
	.threads = threads,
	.count = count,
	.trace = &trace_api,
	.live = &live_program_api,
};

/* One call for each run of the test: what its fixtures do stays outside. */
static void body_step(void (*body)(void **), void **state)
{
	if (left == 0) {
		left = bench_loop_open(1, BATCHES);
		bench_loop_is_body(true);
	}
	bench_loop_run();
	body(state);
	bench_loop_pause();
	if (left == 0 || --left != 0)
		return;
	left = bench_loop_batch();
	if (left != 0)
		return;
	bench_loop_close();
	stage = STAGE_DONE;
}

static void body_loop(void (*body)(void **), void **state)
{
	void *before = *state;
	uint64_t batch = bench_loop_open(1, BATCHES);

	bench_loop_is_body(false);
	while (batch != 0) {
		bench_loop_run();
		for (uint64_t i = 0; i < batch; i++) {
			*state = before;
			body(state);
		}
		batch = bench_loop_batch();
	}
	bench_loop_close();
	stage = STAGE_DONE;
}

void bench_body(void (*body)(void **), void **state, bool has_fixtures)
{
	is_tests_thread = true;
	nested = 0;
	if (stage == STAGE_FIRST) {
		bench_scope_reset();
		bench_loop_reset_number();
		body(state);
		stage = bench_loop_number() == 0 ? STAGE_BODY : STAGE_DONE;
	} else if (has_fixtures) {
		body_step(body, state);
	} else {
		body_loop(body, state);
	}
	is_tests_thread = false;
}

void bench_body_end(void)
{
	/* In the middle of a batch of bodies the loop goes on with the next run. */
	if (is_tests_thread || stage != STAGE_BODY)
		bench_loop_close();
	is_tests_thread = false;
}
