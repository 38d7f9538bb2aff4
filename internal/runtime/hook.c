/* SPDX-License-Identifier: MIT */
/* How a test is caught: cmocka's macros call _cmocka_run_group_tests, and this definition comes before cmocka's.
 *
 * The array of tests is copied, the wanted entry's body and tear-down are replaced by ours, and cmocka's own
 * function runs the copy. The structure and the signature are the same from cmocka 1.1.0 to 2.0. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/bench.h"
#include "runtime/loading.h"
#include "runtime/mute.h"
#include "runtime/recorder.h"
#include "runtime/window.h"

typedef int run_group_fn(const char *, const struct CMUnitTest *, size_t, CMFixtureFunction,
			 CMFixtureFunction);

RT_EXPORT int _cmocka_run_group_tests(const char *group_name, const struct CMUnitTest *const tests,
				      const size_t num_tests, CMFixtureFunction group_setup,
				      CMFixtureFunction group_teardown);

/* The wanted test, as the program has it, and what is known of its current run. One at a time in a process. */
static struct {
	struct CMUnitTest original;
	bool has_fixtures; /* something is done around its body: its own fixtures, the group's, or other tests */
	bool is_body_done;
	bool is_last_run;
} wanted;

static void phase_set(enum rec_phase phase)
{
	if (rt_rec != NULL)
		atomic_store(&rt_rec->state.phase, (uint32_t)phase);
}

static int wanted_setup(void **state)
{
	phase_set(REC_PHASE_SETUP);
	return wanted.original.setup_func(state);
}

static void wanted_body(void **state)
{
	phase_set(REC_PHASE_BODY);
	if (bench_is_on()) {
		bench_body(wanted.original.test_func, state, wanted.has_fixtures);
	} else {
		window_open();
		wanted.original.test_func(state);
	}
	window_close();
	wanted.is_body_done = true;
}

static int wanted_teardown(void **state)
{
	int result = 0;

	window_close();
	phase_set(REC_PHASE_TEARDOWN);
	if (wanted.original.teardown_func != NULL)
		result = wanted.original.teardown_func(state);
	phase_set(REC_PHASE_AFTER);
	if (rt_rec != NULL && rt_recorder->test_end != NULL)
		rt_recorder->test_end(wanted.is_last_run || (bench_is_on() && bench_is_done()));
	return result;
}

static struct CMUnitTest wanted_entry(const struct CMUnitTest *test)
{
	struct CMUnitTest entry = *test;

	wanted.original = *test;
	entry.test_func = wanted_body;
	if (entry.setup_func != NULL)
		entry.setup_func = wanted_setup;
	entry.teardown_func = wanted_teardown;
	return entry;
}

static void note_tests(const char *group_name, uint32_t group, const struct CMUnitTest *tests,
		       size_t num_tests)
{
	struct rec_test *items = rt_table(TESTS, struct rec_test);
	uint32_t group_at = rt_string(group_name);

	for (size_t i = 0; i < num_tests; i++) {
		uint32_t at;

		if (tests[i].name == NULL)
			continue;
		at = rt_append(REC_TESTS);
		if (at == UINT32_MAX)
			return;
		items[at].group_name = group_at;
		items[at].group_index = group;
		items[at].test_index = (uint32_t)i;
		items[at].function = (uintptr_t)tests[i].test_func;
		items[at].name = rt_string(tests[i].name);
	}
}

static enum rec_verdict verdict_of(int failures)
{
	/* With other tests of the group around it (not alone), their failures are not ours. */
	if (wanted.is_body_done)
		return rt_rec->config.alone && failures != 0 ? REC_VERDICT_FAILED
							     : REC_VERDICT_PASSED;
	return failures != 0 ? REC_VERDICT_FAILED : REC_VERDICT_SKIPPED;
}

static bool is_enough(uint64_t run, uint64_t start_ns)
{
	const struct rec_config *config = &rt_rec->config;

	if (bench_is_on())
		return bench_is_done();
	if (config->runs != 0)
		return run >= config->runs;
	return rt_rec->state.cpu_ns >= config->cpu_goal_ns ||
	       rt_now_ns() - start_ns >= config->wall_limit_ns;
}

static void usage_add(const struct rusage *before)
{
	struct rusage now;
	struct rec_state *state = &rt_rec->state;

	getrusage(RUSAGE_SELF, &now);
	state->user_ns = (uint64_t)((now.ru_utime.tv_sec - before->ru_utime.tv_sec) * 1000000000LL +
				    (now.ru_utime.tv_usec - before->ru_utime.tv_usec) * 1000LL);
	state->system_ns =
		(uint64_t)((now.ru_stime.tv_sec - before->ru_stime.tv_sec) * 1000000000LL +
			   (now.ru_stime.tv_usec - before->ru_stime.tv_usec) * 1000LL);
}

/* Note how a run ended. Returns false when there is no point in another one. */
static bool note_run(uint64_t run, enum rec_verdict verdict)
{
	struct rec_state *state = &rt_rec->state;

	if (verdict == REC_VERDICT_PASSED)
		state->samples_passed = atomic_load(&rt_rec->table[REC_SAMPLES].len);
	atomic_store(&state->runs, run);
	if (run == 1)
		state->first_verdict = verdict;
	else if (verdict != REC_VERDICT_PASSED)
		atomic_store(&state->failed_run, run);
	return verdict == REC_VERDICT_PASSED;
}

/* Run the group until there is enough, the first time as it would run without us, then without its output. */
static int run_wanted(run_group_fn *real, const char *group_name, const struct CMUnitTest *tests,
		      size_t num_tests, CMFixtureFunction group_setup,
		      CMFixtureFunction group_teardown)
{
	uint64_t start_ns = rt_now_ns();
	struct rusage before;
	struct mute mute = MUTE_NONE;
	int first = 0;

	bench_begin();
	getrusage(RUSAGE_SELF, &before);
	for (uint64_t run = 1;; run++) {
		int failures;

		wanted.is_body_done = false;
		wanted.is_last_run =
			!bench_is_on() && (rt_rec->config.runs == run || rt_rec->config.runs == 0);
		phase_set(REC_PHASE_GROUP);
		failures = real(group_name, tests, num_tests, group_setup, group_teardown);
		bench_body_end();
		window_close();
		if (run == 1)
			first = failures;
		/* NULL: a child that the test forked has come back to here. */
		if (rt_rec == NULL)
			break;
		usage_add(&before);
		if (!note_run(run, verdict_of(failures)) || is_enough(run, start_ns))
			break;
		if (run == 1)
			mute_begin(&mute);
	}
	mute_end(&mute);
	loading_note_all();
	phase_set(REC_PHASE_DONE);
	return first;
}

static int run_recorded(run_group_fn *real, const char *group_name, const struct CMUnitTest *tests,
			size_t num_tests, CMFixtureFunction group_setup,
			CMFixtureFunction group_teardown)
{
	uint32_t index = rt_rec->config.test_index;
	struct CMUnitTest *copy;
	int result;

	wanted.has_fixtures = !rt_rec->config.alone || tests[index].setup_func != NULL ||
			      tests[index].teardown_func != NULL || group_setup != NULL ||
			      group_teardown != NULL;
	if (rt_rec->config.alone) {
		struct CMUnitTest entry = wanted_entry(&tests[index]);

		return run_wanted(real, group_name, &entry, 1, group_setup, group_teardown);
	}
	copy = rt_map(num_tests * sizeof *copy);
	if (copy == NULL)
		return real(group_name, tests, num_tests, group_setup, group_teardown);
	memcpy(copy, tests, num_tests * sizeof *copy);
	copy[index] = wanted_entry(&tests[index]);
	result = run_wanted(real, group_name, copy, num_tests, group_setup, group_teardown);
	rt_unmap(copy, num_tests * sizeof *copy);
	return result;
}

RT_EXPORT int _cmocka_run_group_tests(const char *group_name, const struct CMUnitTest *const tests,
				      const size_t num_tests, CMFixtureFunction group_setup,
				      CMFixtureFunction group_teardown)
{
	run_group_fn *real = (run_group_fn *)rt_real("_cmocka_run_group_tests");
	uint32_t group;

	if (rt_rec == NULL)
		return real(group_name, tests, num_tests, group_setup, group_teardown);
	group = atomic_fetch_add(&rt_rec->state.groups, 1);
	if (rt_rec->config.kind == REC_KIND_LIST) {
		note_tests(group_name, group, tests, num_tests);
		return 0;
	}
	if (group == rt_rec->config.group_index && rt_rec->config.test_index < num_tests)
		return run_recorded(real, group_name, tests, num_tests, group_setup,
				    group_teardown);
	return rt_rec->config.alone
		       ? 0
		       : real(group_name, tests, num_tests, group_setup, group_teardown);
}
