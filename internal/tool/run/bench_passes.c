/* SPDX-License-Identifier: MIT */
#include "tool/run/bench_passes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/common/progress.h"
#include "tool/launch/launch.h"

static const char *const counter_names[] = {
#define X(name, text, unit) text,
	REC_COUNTERS(X)
#undef X
};

static void fail(struct bench_test *one, const struct bench_result *result, unsigned cpus,
		 const char *why, const char *output)
{
	char *name = result != NULL ? xstrdup(result->name)
				    : bench_full_name(one->test, "", bench_named_cpus(cpus));

	bench_report_fail(&one->report, name, why, output);
	free(name);
}

static const struct bench_result *first_problem(const struct bench_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i].problem != NULL)
			return &set->items[i];
	return NULL;
}

static bool has_results(const struct bench_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i].problem == NULL)
			return true;
	return false;
}

static bool misses_allocations(const struct kind_run *run)
{
	return run->kind == REC_KIND_MEM && run->benches.count > 0 &&
	       !run->benches.items[0].has_mem;
}

static void note_losses(struct bench_test *one, const struct kind_run *run)
{
	if (run->message[0] != '\0')
		bench_notes_add(&one->notes, "%s", run->message);
	if (run->lost != 0)
		bench_notes_add(
			&one->notes, "%s: %llu events could not be recorded%s", run->name,
			(unsigned long long)run->lost,
			misses_allocations(run)
				? ": B/op and allocs/op would be too small, and are left out"
				: "");
}

/* Say what went wrong in a pass. Returns whether nothing did. */
static bool check(struct bench_test *one, const struct kind_run *run, unsigned cpus)
{
	const struct bench_result *problem = first_problem(&run->benches);

	note_losses(one, run);
	/* Nothing is wrong with it. */
	if (run->outcome.kind == OUTCOME_INTERRUPTED)
		return true;
	if (!outcome_is_good(run->outcome.kind) || run->failed_run != 0) {
		fail(one, problem, cpus, run->outcome.text, run->output);
		if (run->before != NULL)
			bench_notes_add(&one->notes, "%s", run->before);
		return false;
	}
	if (run->outcome.kind == OUTCOME_SKIPPED) {
		bench_notes_add(&one->notes, "%s skips itself", one->label);
		return true;
	}
	for (size_t i = 0; i < run->benches.count; i++)
		if (run->benches.items[i].problem != NULL)
			fail(one, &run->benches.items[i], cpus, run->benches.items[i].problem,
			     NULL);
	if (run->benches.count == 0)
		fail(one, NULL, cpus, "nothing was measured", run->output);
	return problem == NULL && run->benches.count > 0;
}

/* A test that hangs, or takes all memory, would do so again. */
static bool may_go_on(const struct kind_run *run)
{
	switch (run->outcome.kind) {
	case OUTCOME_TIME_LIMIT:
	case OUTCOME_MEMORY_LIMIT:
	case OUTCOME_INTERRUPTED:
	case OUTCOME_NOT_RUN:
		return false;
	default:
		return !launch_interrupted();
	}
}

/* Run a pass. *run is to be freed. */
static void run_pass(struct bench_test *one, struct kind_run *run, const struct bench_pass *pass)
{
	struct bench_session *session = one->session;
	bool is_written = bench_pass(run, pass, one->test, &session->settings, session->sym);
	bool is_good = check(one, run, pass->cpus);

	progress_clear();
	/* What was not recorded is in the outcome already; a profile that could not be written is not. */
	if (!is_written && pass->writes_profiles && run->message[0] == '\0' &&
	    run->outcome.kind != OUTCOME_INTERRUPTED)
		is_good = false;
	one->is_good &= is_good;
	one->goes_on = may_go_on(run);
	manifest_add_kind(one->manifest, run);
}

void bench_passes_mem(struct bench_test *one, unsigned cpus, bool is_last, struct bench_set *mem)
{
	struct kind_run run;

	progress_show("%s: allocations", one->label);
	run_pass(one, &run,
		 &(struct bench_pass){.kind = REC_KIND_MEM,
				      .goal = one->session->goal,
				      .share = BENCH_PASS_SHARE,
				      .cpus = cpus,
				      .warms_up = true,
				      .writes_profiles =
					      is_last && one->session->has_kind[REC_KIND_MEM]});
	*mem = run.benches;
	run.benches = (struct bench_set){0};
	if (!has_results(mem))
		one->goes_on = false;
	for (size_t i = 0; i < mem->count; i++)
		bench_session_widen(one->session, mem->items[i].name);
	kind_run_free(&run);
}

static const char *why_not_counted(int error)
{
	switch (-error) {
	case EACCES:
	case EPERM:
		return "the kernel does not allow it (kernel.perf_event_paranoid)";
	case 0:
	case ENOENT:
	case ENODEV:
	case EOPNOTSUPP:
		return "this machine has no such counter";
	default:
		return strerror(-error);
	}
}

/* Whether a counter is there is known after one iteration. Those that are not are said once in a session. */
static void drop_missing_counters(struct bench_test *one, unsigned cpus)
{
	struct bench_session *session = one->session;
	struct kind_run run;

	run_pass(one, &run,
		 &(struct bench_pass){.kind = REC_KIND_TIME,
				      .goal = {.count = 1},
				      .cpus = cpus,
				      .counters = session->counters});
	for (size_t i = 0; i < REC_COUNTER_COUNT && run.benches.count > 0; i++) {
		if ((session->counters & ~run.counters & 1u << i) == 0)
			continue;
		bench_notes_add(&session->said, "no %s: %s", counter_names[i],
				why_not_counted(run.counter_error[i]));
	}
	if (run.benches.count > 0) {
		session->counters &= run.counters;
		session->knows_counters = true;
	}
	kind_run_free(&run);
}

void bench_passes_counters(struct bench_test *one, unsigned cpus, struct bench_set *counted)
{
	struct bench_session *session = one->session;
	struct kind_run run;

	*counted = (struct bench_set){0};
	if (one->goes_on && session->counters != 0 && !session->knows_counters)
		drop_missing_counters(one, cpus);
	if (!one->goes_on || session->counters == 0)
		return;
	progress_show("%s: counters", one->label);
	run_pass(one, &run,
		 &(struct bench_pass){.kind = REC_KIND_TIME,
				      .goal = session->goal,
				      .share = BENCH_PASS_SHARE,
				      .cpus = cpus,
				      .counters = session->counters,
				      .warms_up = true});
	*counted = run.benches;
	run.benches = (struct bench_set){0};
	kind_run_free(&run);
}

void bench_passes_time(struct bench_test *one, unsigned cpus, uint64_t number,
		       struct bench_set *set)
{
	struct bench_session *session = one->session;
	struct kind_run run;

	progress_show("%s: run %llu of %llu", one->label, (unsigned long long)number,
		      (unsigned long long)session->runs);
	run_pass(one, &run,
		 &(struct bench_pass){.kind = REC_KIND_TIME,
				      .goal = session->goal,
				      .cpus = cpus,
				      .warms_up = true});
	*set = run.benches;
	run.benches = (struct bench_set){0};
	kind_run_free(&run);
}

void bench_passes_profile(struct bench_test *one, enum rec_kind kind, unsigned share)
{
	struct bench_session *session = one->session;
	struct kind_run run;

	if (!session->has_kind[kind] || !one->goes_on)
		return;
	progress_show("%s: %s profile", one->label, kind_run_name(kind));
	run_pass(one, &run,
		 &(struct bench_pass){.kind = kind,
				      .goal = session->goal,
				      .share = share,
				      .cpus = session->cpus[session->cpus_count - 1],
				      .writes_profiles = true});
	kind_run_free(&run);
}
