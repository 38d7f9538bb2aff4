/* SPDX-License-Identifier: MIT */
/* Every test of a program recorded in one run of it, each in its own place: what a suite costs is then little more than its own
 * time, and not a process for each test.
 *
 * cmocka does not tell a body which test it is of, and may leave out tests (its filter): so each has a function of its own
 * here, by its place in the group. A test behind the last of them runs without being recorded. */
#include <sys/resource.h>

#include "runtime/hook/hook.h"
#include "runtime/usage.h"
#include "runtime/window.h"

static struct {
	CMUnitTestFunction body;
	uint32_t item; /* in TESTS */
} tests[256];

enum { TESTS = sizeof tests / sizeof *tests };

static bool is_running;

static uint64_t dropped(void)
{
	return atomic_load(&rt_rec->state.events_dropped) +
	       atomic_load(&rt_rec->table[REC_SAMPLES].lost) +
	       atomic_load(&rt_rec->table[REC_NODES].lost);
}

static void begin(struct rec_body *body)
{
	const struct rec_state *state = &rt_rec->state;

	body->wall_ns = state->wall_ns;
	body->cpu_ns = state->cpu_ns;
	body->dropped = dropped();
	body->truncated = atomic_load(&state->stacks_truncated);
	body->samples_from = atomic_load(&rt_rec->table[REC_SAMPLES].len);
}

static void end(struct rec_body *body, const struct rusage *before)
{
	const struct rec_state *state = &rt_rec->state;

	usage_note(before);
	body->wall_ns = state->wall_ns - body->wall_ns;
	body->cpu_ns = state->cpu_ns - body->cpu_ns;
	body->user_ns = state->user_ns;
	body->system_ns = state->system_ns;
	body->dropped = dropped() - body->dropped;
	body->truncated = atomic_load(&state->stacks_truncated) - body->truncated;
	body->samples_to = atomic_load(&rt_rec->table[REC_SAMPLES].len);
	atomic_store(&body->is_done, 1);
	/* A test that ends is progress: the time limit is for getting nowhere. */
	atomic_fetch_add(&rt_rec->state.runs, 1);
}

static void run(size_t index, void **state)
{
	struct rec_body *body;
	struct rusage before;

	/* A window that a failure has left open ends here. */
	hook_phase(REC_PHASE_GROUP);
	if (rt_rec == NULL) {
		tests[index].body(state);
		return;
	}
	body = &rt_table(TESTS, struct rec_test)[tests[index].item].body;
	usage_now(&before);
	begin(body);
	hook_phase(REC_PHASE_BODY);
	window_open();
	tests[index].body(state);
	window_close();
	if (rt_rec == NULL)
		return;
	end(body, &before);
	hook_phase(REC_PHASE_GROUP);
}

#define DIGITS(X, high) \
	X(high, 0)      \
	X(high, 1)      \
	X(high, 2)      \
	X(high, 3)      \
	X(high, 4)      \
	X(high, 5)      \
	X(high, 6)      \
	X(high, 7)      \
	X(high, 8)      \
	X(high, 9)      \
	X(high, a)      \
	X(high, b)      \
	X(high, c)      \
	X(high, d)      \
	X(high, e)      \
	X(high, f)

/* Of all places, in their order. */
#define PLACES(X)    \
	DIGITS(X, 0) \
	DIGITS(X, 1) \
	DIGITS(X, 2) \
	DIGITS(X, 3) \
	DIGITS(X, 4) \
	DIGITS(X, 5) \
	DIGITS(X, 6) \
	DIGITS(X, 7) \
	DIGITS(X, 8) \
	DIGITS(X, 9) \
	DIGITS(X, a) \
	DIGITS(X, b) \
	DIGITS(X, c) \
	DIGITS(X, d) \
	DIGITS(X, e) \
	DIGITS(X, f)

#define DEFINE(high, low)                          \
	static void body_##high##low(void **state) \
	{                                          \
		run(0x##high##low, state);         \
	}
#define NAME(high, low) body_##high##low,

PLACES(DEFINE)

static const CMUnitTestFunction bodies[TESTS] = {PLACES(NAME)};

CMUnitTestFunction hook_together(size_t index, CMUnitTestFunction body, uint32_t item)
{
	if (index >= TESTS || body == NULL)
		return body;
	tests[index].body = body;
	tests[index].item = item;
	return bodies[index];
}

bool hook_together_is_running(void)
{
	return is_running;
}

int hook_together_run(const struct hook_call *call, const struct hook_api *api)
{
	int failures;

	is_running = true;
	hook_phase(REC_PHASE_GROUP);
	failures = api->record_all != NULL ? api->record_all(call) : hook_call_real(call);
	hook_phase(REC_PHASE_DONE);
	is_running = false;
	if (rt_rec != NULL && failures > 0)
		rt_rec->state.failures += (uint32_t)failures;
	return failures;
}
