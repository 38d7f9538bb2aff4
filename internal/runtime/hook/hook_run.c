/* SPDX-License-Identifier: MIT */
/* The runs of a group with the wanted test in it, whatever API it is of. */
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "runtime/bench/bench.h"
#include "runtime/hook/detour.h"
#include "runtime/hook/hook.h"
#include "runtime/loading.h"
#include "runtime/mute.h"
#include "runtime/recorder.h"
#include "runtime/usage.h"
#include "runtime/window.h"

static const char *const symbols[REC_ENTRY_COUNT] = {
#define X(name, symbol) symbol,
	REC_ENTRIES(X)
#undef X
};

/* Of the functions that the program has in itself. */
static struct detour inside[REC_ENTRY_COUNT];

/* The wanted test and what is known of its current run. One at a time in a process. */
static struct {
	CMUnitTestFunction body;
	bool has_fixtures;
	bool is_body_done;
	bool is_over; /* with its tear-down */
	bool is_last_run;
} wanted;

bool hook_has_library(void)
{
	return rt_real(symbols[REC_ENTRY_GROUP]) != NULL || hook_has_old_library();
}

/* The first object is the program. */
static int take_base(struct dl_phdr_info *object, size_t size_bytes, void *base)
{
	(void)size_bytes;
	*(uintptr_t *)base = object->dlpi_addr;
	return 1;
}

bool hook_catch_inside(const struct rec_file *file)
{
	static const void *const targets[REC_ENTRY_COUNT] = {
		[REC_ENTRY_GROUP] = (const void *)hook_inside_group,
		[REC_ENTRY_OLD] = (const void *)hook_inside_old,
		[REC_ENTRY_OLD_GROUP] = (const void *)hook_inside_old_group,
		[REC_ENTRY_OLD_TEST] = (const void *)hook_inside_old_test,
	};
	uintptr_t base = 0;

	dl_iterate_phdr(take_base, &base);
	for (size_t i = 0; i < REC_ENTRY_COUNT; i++) {
		int error;

		if (file->entry[i] == 0)
			continue;
		error = detour_make(&inside[i], (void *)(base + file->entry[i]), targets[i]);
		if (error != 0) {
			rt_trouble("cmocka is linked into the program, and the system does not let "
				   "its code be changed (mprotect: %s; SELinux?); link the program "
				   "with libcmocka.so",
				   strerror(-error));
			return false;
		}
	}
	return true;
}

int hook_call_real(const struct hook_call *call)
{
	static void *library[REC_ENTRY_COUNT];
	struct detour *detour = &inside[call->entry];
	int result;

	if (!call->is_inside) {
		if (library[call->entry] == NULL)
			library[call->entry] = rt_real(symbols[call->entry]);
		return call->make(library[call->entry], call);
	}
	detour_lift(detour);
	result = call->make(detour->function, call);
	detour_set(detour);
	return result;
}

void hook_phase(enum rec_phase phase)
{
	if (phase != REC_PHASE_BODY)
		window_close();
	if (rt_rec != NULL)
		atomic_store(&rt_rec->state.phase, (uint32_t)phase);
}

void hook_body(void **state)
{
	hook_phase(REC_PHASE_BODY);
	if (bench_is_on()) {
		bench_body(wanted.body, state, wanted.has_fixtures);
	} else {
		window_open();
		wanted.body(state);
	}
	window_close();
	wanted.is_body_done = true;
}

void hook_test_end(void)
{
	if (wanted.is_over)
		return;
	wanted.is_over = true;
	hook_phase(REC_PHASE_AFTER);
	if (rt_rec != NULL && rt_recorder->test_end != NULL)
		rt_recorder->test_end(wanted.is_last_run || (bench_is_on() && bench_is_done()));
}

bool hook_note(uint32_t group, uint32_t group_name, size_t index, const char *name,
	       uintptr_t function)
{
	struct rec_test *items = rt_table(TESTS, struct rec_test);
	uint32_t at = rt_append(REC_TESTS);

	if (at == UINT32_MAX)
		return false;
	items[at].group_name = group_name;
	items[at].group_index = group;
	items[at].test_index = (uint32_t)index;
	items[at].function = function;
	items[at].name = rt_string(name);
	return true;
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

/* Note how a run ended. Returns false when there is no point in another one. */
static bool note_run(uint64_t run, enum rec_verdict verdict)
{
	struct rec_state *state = &rt_rec->state;

	if (verdict == REC_VERDICT_PASSED)
		state->samples_passed = atomic_load(&rt_rec->table[REC_SAMPLES].len);
	atomic_store(&state->runs, run);
	if (run == 1) {
		state->first_verdict = verdict;
	} else if (verdict == REC_VERDICT_SKIPPED && rt_rec->config.until_failure) {
		return true;
	} else if (verdict != REC_VERDICT_PASSED) {
		state->failed_verdict = verdict;
		atomic_store(&state->failed_run, run);
	}
	return verdict == REC_VERDICT_PASSED;
}

static int run_once(const struct hook_call *call, uint64_t run)
{
	int failures;

	wanted.is_body_done = false;
	wanted.is_over = false;
	wanted.is_last_run =
		!bench_is_on() && (rt_rec->config.runs == run || rt_rec->config.runs == 0);
	hook_phase(REC_PHASE_GROUP);
	failures = hook_call_real(call);
	bench_body_end();
	window_close();
	return failures;
}

/* Runs behind the first print nowhere, or where the tool looks for what the one printed that fails. */
static void mute_repetitions(struct mute *mute, uint64_t run)
{
	const struct rec_config *config = &rt_rec->config;
	char path[64] = "/dev/null";

	if (config->output_fd != 0)
		snprintf(path, sizeof path, "/proc/%u/fd/%u", config->tool, config->output_fd);
	if (run == 1)
		mute_begin(mute, path);
	else if (config->output_fd != 0)
		mute_clear(path);
}

/* Run the group until there is enough, the first time as it would run without us, then without its output. */
int hook_run(const struct hook_call *call, CMUnitTestFunction body, bool has_fixtures)
{
	uint64_t start_ns = rt_now_ns();
	struct rusage before;
	struct mute mute = MUTE_NONE;
	int first = 0;

	wanted.body = body;
	wanted.has_fixtures = has_fixtures;
	bench_begin();
	usage_now(&before);
	for (uint64_t run = 1;; run++) {
		int failures = run_once(call, run);

		if (run == 1)
			first = failures;
		/* NULL: a child that the test forked has come back to here. */
		if (rt_rec == NULL)
			break;
		hook_test_end();
		usage_note(&before);
		if (!note_run(run, verdict_of(failures)) || is_enough(run, start_ns))
			break;
		mute_repetitions(&mute, run);
	}
	mute_end(&mute);
	loading_note_all();
	hook_phase(REC_PHASE_DONE);
	return first;
}

static void note_group(const struct hook_call *call, const struct hook_api *api, uint32_t group)
{
	uint32_t group_name = rt_string(call->group_name);

	for (size_t i = 0; i < call->count; i++)
		if (!api->note(call, group, group_name, i))
			return;
}

int hook_group(const struct hook_call *call, const struct hook_api *api)
{
	const struct rec_config *config;
	uint32_t group;

	if (rt_rec == NULL || rt_rec->config.attach != REC_ATTACH_TESTS)
		return hook_call_real(call);
	config = &rt_rec->config;
	if (hook_together_is_running())
		return hook_call_real(call);
	group = atomic_fetch_add(&rt_rec->state.groups, 1);
	if (config->kind == REC_KIND_LIST) {
		note_group(call, api, group);
		return 0;
	}
	if (config->together) {
		note_group(call, api, group);
		return hook_together_run(call, api);
	}
	if (group == config->group_index && config->test_index < call->count)
		return api->record(call, config->test_index);
	return config->alone ? 0 : hook_call_real(call);
}
