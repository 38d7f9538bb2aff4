/* SPDX-License-Identifier: MIT */
#include "tool/gate/gate_run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/common/progress.h"
#include "tool/gate/gate_time.h"
#include "tool/launch/launch.h"
#include "tool/profile/leaks.h"
#include "tool/run/tests_chosen.h"
#include "tool/tool.h"

/* How often allocations are counted: twice shows most tests whose counts vary. As often as MORE where something differs: of 8 and 8 orders of ranks 2 in 12,870 are the most extreme. */
enum { TWICE = 2, MORE = 8 };

/* Metrics that a mem run has. */
#define COUNTS_END GATE_INSTRUCTIONS

/* DIR/gate/NAME, made, as a path that holds in any folder. NULL after a message. */
static char *make_folder(const char *dir, const char *name)
{
	char *path = xasprintf("%s/gate/%s", dir, name), *whole = NULL;

	if (tests_make_folder(path)) {
		whole = realpath(path, NULL);
		if (whole == NULL)
			tool_error("%s: %s", path, strerror(errno));
	}
	free(path);
	return whole;
}

bool gate_run_begin(struct gate_run *run)
{
	run->old_dir = make_folder(run->how.settings.out_dir, "old");
	run->new_dir = make_folder(run->how.settings.out_dir, "new");
	run->sym = sym_open();
	if (run->old_dir != NULL && run->new_dir != NULL)
		return true;
	gate_run_end(run);
	return false;
}

void gate_run_end(struct gate_run *run)
{
	sym_close(run->sym);
	free(run->old_dir);
	free(run->new_dir);
}

static void add_counts(struct gate_subject *subject, const struct kind_run *mem, bool is_base)
{
	const struct profile *profile = mem->files[0].profile;
	struct leaks leaks = leaks_of(profile);
	const double values[] = {[GATE_ALLOCS] = (double)profile_sum(profile, 0),
				 [GATE_BYTES] = (double)profile_sum(profile, 1),
				 [GATE_PEAK] = (double)profile_sum(profile, 5),
				 [GATE_LEAKED] = (double)leaks.bytes,
				 [GATE_LEAKED_BLOCKS] = (double)leaks.blocks};

	for (size_t i = 0; i < COUNTS_END; i++)
		gate_add(is_base ? &subject->figures[i].old : &subject->figures[i].new, values[i]);
	leaks_free(&leaks);
}

/* How a side ended. */
struct ending {
	struct outcome outcome;
	bool was_run; /* false: nothing is known */
	char *why_not_counted;
};

/* Count a test's allocations once. Returns whether another time may add something. */
static bool count_once(struct gate_run *run, struct gate_subject *subject,
		       const struct catalog_test *test, bool is_base, struct ending *ending)
{
	struct kind_settings settings = run->how.settings;
	struct kind_run mem;
	bool is_counted;

	settings.out_dir = is_base ? run->old_dir : run->new_dir;
	settings.runs = 1;
	progress_show("%s: allocations, %s", test->title, is_base ? "old" : "new");
	if (is_base)
		base_programs_enter(&run->how.base);
	is_counted = kind_run(&mem, REC_KIND_MEM, test, &settings, run->sym, false);
	if (is_base)
		base_programs_leave(&run->how.base);
	progress_clear();
	/* A test that fails once has failed. */
	if (!ending->was_run || outcome_is_good(ending->outcome.kind))
		ending->outcome = mem.outcome;
	ending->was_run = true;
	is_counted = is_counted && mem.file_count > 0 && mem.lost == 0 &&
		     outcome_is_good(mem.outcome.kind) && mem.outcome.kind != OUTCOME_SKIPPED;
	if (is_counted)
		add_counts(subject, &mem, is_base);
	/* It was said why. */
	else if (mem.file_count > 0 && mem.files[0].path == NULL)
		run->is_bad = true;
	if (!is_counted && ending->why_not_counted == NULL)
		ending->why_not_counted =
			xstrdup(*mem.message != '\0' ? mem.message : mem.outcome.text);
	kind_run_free(&mem);
	return is_counted;
}

static void judge_counts(struct gate *gate, struct gate_subject *subject)
{
	for (enum gate_metric metric = 0; metric < COUNTS_END; metric++)
		gate_judge(gate, subject, metric);
}

static bool needs_more(const struct gate_subject *subject)
{
	for (size_t i = 0; i < COUNTS_END; i++)
		if (gate_is_worse(subject->figures[i].verdict) ||
		    subject->figures[i].verdict == GATE_BETTER ||
		    subject->figures[i].verdict == GATE_VARIES)
			return true;
	return false;
}

/* Say how the new side ended, where that is not well. Returns whether its time is worth a look. */
static bool check_ending(struct gate_run *run, const struct catalog_test *test,
			 const struct ending *old, const struct ending *new)
{
	if (new->outcome.kind == OUTCOME_INTERRUPTED)
		return false;
	if (outcome_is_good(new->outcome.kind)) {
		if (new->why_not_counted != NULL)
			gate_note(run->gate, "%s: allocations were not compared: %s", test->title,
				  new->why_not_counted);
		else if (old != NULL && old->why_not_counted != NULL)
			gate_note(run->gate, "%s: allocations were not compared: the base: %s",
				  test->title, old->why_not_counted);
		return new->outcome.kind != OUTCOME_SKIPPED;
	}
	if (old != NULL && old->was_run && !outcome_is_good(old->outcome.kind))
		gate_note(run->gate, "%s: %s, as in the base", test->title, new->outcome.text);
	else
		gate_break(run->gate, "%s: %s", test->title, new->outcome.text);
	return false;
}

static bool is_timed(const struct gate_run *run, const struct catalog_test *test)
{
	return run->timed == GATE_TIMED_ALL ||
	       (run->timed == GATE_TIMED_BENCHMARKS && bench_is_one(test));
}

/* old new, new old, ... */
static void count_by_turns(struct gate_run *run, const struct catalog_test *old,
			   const struct catalog_test *new, struct ending *old_end,
			   struct ending *new_end)
{
	struct gate_subject *subject = gate_subject(run->gate, new->title, NULL);
	int times = TWICE;

	for (int turn = 0; turn < times && !launch_interrupted(); turn++) {
		bool old_first = turn % 2 == 0;
		bool goes_on = true;

		if (old_first)
			goes_on &= count_once(run, subject, old, true, old_end);
		goes_on &= count_once(run, subject, new, false, new_end);
		if (!old_first)
			goes_on &= count_once(run, subject, old, true, old_end);
		if (!goes_on)
			break;
		judge_counts(run->gate, subject);
		if (turn + 1 == TWICE && needs_more(subject))
			times = MORE;
	}
	judge_counts(run->gate, subject);
}

void gate_run_test(struct gate_run *run, const struct catalog_test *old,
		   const struct catalog_test *new)
{
	struct ending old_end = {0}, new_end = {0};

	run->gate->test_count++;
	count_by_turns(run, old, new, &old_end, &new_end);
	if (check_ending(run, new, &old_end, &new_end) && outcome_is_good(old_end.outcome.kind) &&
	    is_timed(run, new))
		gate_time_test(run, old, new);
	free(old_end.why_not_counted);
	free(new_end.why_not_counted);
}

static enum gate_metric metric_of(enum artifact_metric metric)
{
	for (enum gate_metric i = 0; i < COUNTS_END; i++)
		if (strcmp(gate_metrics[i].name, artifact_metrics[metric].name) == 0)
			return i;
	return GATE_METRIC_COUNT;
}

static void add_kept(struct gate_subject *subject, const struct artifact_test *test, bool is_base)
{
	for (enum artifact_metric i = 0; i < ARTIFACT_METRIC_COUNT; i++) {
		enum gate_metric metric = metric_of(i);

		if (metric == GATE_METRIC_COUNT || !test->has[i])
			continue;
		gate_add(is_base ? &subject->figures[metric].old : &subject->figures[metric].new,
			 test->metrics[i]);
	}
}

void gate_run_alone(struct gate_run *run, const struct artifact_test *old,
		    const struct catalog_test *new)
{
	struct gate_subject *subject = gate_subject(run->gate, new->title, NULL);
	struct ending old_end = {0}, new_end = {0};
	int times = TWICE;

	run->gate->test_count++;
	if (old != NULL) {
		add_kept(subject, old, true);
		old_end.was_run = old->has_manifest;
		old_end.outcome.kind = old->outcome;
	}
	for (int turn = 0; turn < times && !launch_interrupted(); turn++) {
		if (!count_once(run, subject, new, false, &new_end))
			break;
		judge_counts(run->gate, subject);
		if (turn + 1 == TWICE && needs_more(subject))
			times = MORE;
	}
	judge_counts(run->gate, subject);
	if (check_ending(run, new, &old_end, &new_end) && is_timed(run, new) &&
	    budget_limits_time(&run->gate->budget, new->title))
		gate_time_alone(run, new);
	free(new_end.why_not_counted);
}

static bool is_wanted(const struct artifact_test *test, const char *func)
{
	return !test->is_set && (func == NULL || *func == '\0' || strcmp(func, test->title) == 0);
}

/* A benchmark's allocations, which have to be the same in each of its runs to be compared. */
static void add_results(struct gate *gate, const struct artifact_test *test, bool is_base)
{
	for (size_t i = 0; i < test->result_count; i++) {
		const struct artifact_result *result = &test->results[i];
		struct gate_subject *subject = gate_subject(gate, test->title, result->name);
		struct gate_figure *allocs = &subject->figures[GATE_ALLOCS];
		struct gate_figure *bytes = &subject->figures[GATE_BYTES];

		if (result->allocs_op < 0 || result->bytes_op < 0)
			continue;
		gate_add(is_base ? &allocs->old : &allocs->new, result->allocs_op);
		gate_add(is_base ? &bytes->old : &bytes->new, result->bytes_op);
	}
}

static void compare_kept(struct gate *gate, const struct artifact_test *old,
			 const struct artifact_test *new)
{
	struct gate_subject *subject;

	gate->test_count++;
	if (new->has_manifest && !outcome_is_good(new->outcome)) {
		if (old->has_manifest && !outcome_is_good(old->outcome))
			gate_note(gate, "%s: %s, as in the base", new->title, new->ended);
		else
			gate_break(gate, "%s: %s", new->title, new->ended);
		return;
	}
	subject = gate_subject(gate, new->title, NULL);
	add_kept(subject, old, true);
	add_kept(subject, new, false);
	add_results(gate, old, true);
	add_results(gate, new, false);
}

void gate_run_folders(struct gate *gate, const struct artifact *old, const struct artifact *new,
		      const char *func)
{
	static const struct artifact_test none = {0};

	for (size_t i = 0; i < new->count; i++) {
		const struct artifact_test *test = &new->tests[i];
		const struct artifact_test *base = artifact_find(old, test->title);

		if (!is_wanted(test, func))
			continue;
		compare_kept(gate, base != NULL ? base : &none, test);
		if (base == NULL)
			gate_note(gate, "%s: the base does not have it", test->title);
	}
	for (size_t i = 0; i < old->count; i++)
		if (is_wanted(&old->tests[i], func) &&
		    artifact_find(new, old->tests[i].title) == NULL)
			gate_note(gate, "%s: only the base has it", old->tests[i].title);
	gate_judge_all(gate);
}
