/* SPDX-License-Identifier: MIT */
#include "tool/run/bench_turns.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/bench/bench_diff.h"
#include "tool/bench/bench_format.h"
#include "tool/bench/bench_header.h"
#include "tool/common/progress.h"
#include "tool/launch/launch.h"
#include "tool/run/bench_session.h"

/* Of fewer the middle one says little. */
enum { STRETCHES_MIN = 3 };

static void side_begin(struct bench_side *side)
{
	bench_report_begin(&side->report);
	bench_header_print(side->report.text, side->test->program, side->test->package);
}

static void side_end(struct bench_side *side)
{
	bench_set_free(&side->mem);
	bench_report_end(&side->report);
	free(side->problem);
	side->problem = NULL;
}

void bench_turns_begin(struct bench_turns *turns, const struct bench_turns_how *how,
		       const struct catalog_test *old, const struct catalog_test *new)
{
	*turns = (struct bench_turns){
		.how = how,
		.old = {.word = "old", .test = old, .is_base = true, .counters = how->counters},
		.new = {.word = "new", .test = new, .counters = how->counters},
		.is_good = true};
	side_begin(&turns->old);
	side_begin(&turns->new);
}

void bench_turns_end(struct bench_turns *turns)
{
	side_end(&turns->old);
	side_end(&turns->new);
}

void bench_turns_again(struct bench_turns *turns)
{
	const struct bench_turns_how *how = turns->how;
	const struct catalog_test *old = turns->old.test, *new = turns->new.test;

	bench_turns_end(turns);
	bench_turns_begin(turns, how, old, new);
}

static void fail(struct bench_turns *turns, struct bench_side *side,
		 const struct bench_result *result, const struct bench_pass *pass, const char *why,
		 const char *output)
{
	char *name = result != NULL ? xstrdup(result->name)
				    : bench_full_name(side->test, "", bench_named_cpus(pass->cpus));
	char *sentence = xasprintf("%s: %s", side->word, why);

	turns->is_good = false;
	if (side->problem == NULL)
		side->problem = xstrdup(why);
	if (!turns->how->is_quiet)
		bench_report_fail(&side->report, name, sentence, output);
	free(sentence);
	free(name);
}

/* Say what went wrong in a pass. */
static void check(struct bench_turns *turns, struct bench_side *side, const struct bench_pass *pass,
		  const struct kind_run *run)
{
	bool is_good = outcome_is_good(run->outcome.kind) && run->failed_run == 0;

	if (run->outcome.kind == OUTCOME_INTERRUPTED)
		turns->is_good = false;
	else if (!is_good)
		fail(turns, side, NULL, pass, run->outcome.text, run->output);
	else if (run->outcome.kind == OUTCOME_SKIPPED)
		fail(turns, side, NULL, pass, "it skips itself: nothing can be compared", NULL);
	else if (run->benches.count == 0)
		fail(turns, side, NULL, pass,
		     run->message[0] != '\0' ? run->message : "nothing was measured", run->output);
	for (size_t i = 0; is_good && i < run->benches.count; i++)
		if (run->benches.items[i].problem != NULL)
			fail(turns, side, &run->benches.items[i], pass,
			     run->benches.items[i].problem, NULL);
}

/* The set is to be freed. */
static struct bench_set measure(struct bench_turns *turns, struct bench_side *side,
				const struct bench_pass *pass)
{
	struct bench_set set;
	struct kind_run run;

	if (side->is_base)
		base_programs_enter(&turns->how->base);
	bench_pass(&run, pass, side->test, &turns->how->settings, NULL);
	if (side->is_base)
		base_programs_leave(&turns->how->base);
	progress_clear();
	check(turns, side, pass, &run);
	if (pass->counters != 0)
		side->counters &= run.counters;
	set = run.benches;
	run.benches = (struct bench_set){0};
	kind_run_free(&run);
	return set;
}

static void measure_mem(struct bench_turns *turns, struct bench_side *side, unsigned cpus)
{
	struct bench_pass pass = {.kind = REC_KIND_MEM,
				  .goal = turns->how->goal,
				  .share = BENCH_PASS_SHARE,
				  .cpus = cpus,
				  .warms_up = true};

	progress_show("%s: allocations, %s", side->test->title, side->word);
	bench_set_free(&side->mem);
	side->mem = measure(turns, side, &pass);
	for (size_t i = 0; i < side->mem.count; i++) {
		size_t width = strlen(side->mem.items[i].name);

		turns->name_width = width > turns->name_width ? width : turns->name_width;
	}
}

/* What an operation takes in the middle one of the run's stretches: on a busy machine the whole run's time is mostly that
 * of the others, whose turns fall into a few of them. Shown beside ns/op, which stays Go's. */
static void add_middle(struct bench_result *result)
{
	double *values;

	if (result->owns_ns || result->batch_count < STRETCHES_MIN)
		return;
	values = xmalloc(result->batch_count * sizeof *values);
	memcpy(values, result->batches, result->batch_count * sizeof *values);
	bench_result_set_metric(result, BENCH_MIDDLE_UNIT,
				bench_median(values, result->batch_count));
	free(values);
}

/* Counters need the time that a process takes anew: what is timed has none. */
static void add_counters(struct bench_turns *turns, struct bench_side *side, unsigned cpus,
			 struct bench_set *set)
{
	struct bench_pass pass = {.kind = REC_KIND_TIME,
				  .goal = turns->how->goal,
				  .share = BENCH_PASS_SHARE,
				  .cpus = cpus,
				  .warms_up = true,
				  .counters = side->counters};
	struct bench_set counted;

	if (side->counters == 0 || !bench_turns_go_on(turns))
		return;
	counted = measure(turns, side, &pass);
	bench_set_add_counters(set, &counted);
	bench_set_free(&counted);
}

static void measure_time(struct bench_turns *turns, struct bench_side *side, unsigned cpus,
			 uint64_t turn)
{
	struct bench_pass pass = {
		.kind = REC_KIND_TIME, .goal = turns->how->goal, .cpus = cpus, .warms_up = true};
	struct bench_set set;

	progress_show("%s: turn %llu of %llu, %s", side->test->title, (unsigned long long)turn,
		      (unsigned long long)turns->how->runs, side->word);
	set = measure(turns, side, &pass);
	bench_set_add_mem(&set, &side->mem);
	add_counters(turns, side, cpus, &set);
	for (size_t i = 0; i < set.count; i++) {
		if (set.items[i].problem != NULL)
			continue;
		add_middle(&set.items[i]);
		bench_print(side->report.text, &set.items[i], turns->name_width);
	}
	bench_set_free(&set);
}

bool bench_turns_go_on(const struct bench_turns *turns)
{
	return turns->is_good && !launch_interrupted();
}

void bench_turns_mem(struct bench_turns *turns, unsigned cpus)
{
	measure_mem(turns, &turns->old, cpus);
	if (bench_turns_go_on(turns))
		measure_mem(turns, &turns->new, cpus);
}

/* The side that comes first changes with each turn: the machine may be slower after the work before. */
void bench_turns_time(struct bench_turns *turns, unsigned cpus, uint64_t done)
{
	while (turns->done < done && bench_turns_go_on(turns)) {
		uint64_t turn = ++turns->done;
		struct bench_side *first = turn % 2 != 0 ? &turns->old : &turns->new;
		struct bench_side *second = turn % 2 != 0 ? &turns->new : &turns->old;

		measure_time(turns, first, cpus, turn);
		if (bench_turns_go_on(turns))
			measure_time(turns, second, cpus, turn);
	}
}
