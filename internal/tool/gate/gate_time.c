/* SPDX-License-Identifier: MIT */
#include "tool/gate/gate_time.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/xalloc.h"
#include "tool/bench/bench_diff.h"
#include "tool/launch/launch.h"

/* Turns after which a test may be left alone. */
#define FIRST_TURNS 6
/* As many times as many turns are measured where the runs are too far apart to tell. */
#define MOST_TIMES 3
/* Turns that it takes at least for a p below 0.001. */
#define LEAST_TURNS 8
/* All turns of a test are to fit into this, unless they would be fewer than LEAST_TURNS. */
#define LIMIT_S 60

#define INSTRUCTIONS_UNIT "instructions/op"

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool has_unit(const struct bench_text *text, const char *name, const char *unit)
{
	for (size_t i = 0; i < text->count; i++)
		if (strcmp(text->values[i].name, name) == 0 &&
		    strcmp(text->values[i].unit, unit) == 0)
			return true;
	return false;
}

/* Does a text have several benchmarks? One is the test itself. */
static bool has_several(const struct bench_text *text)
{
	for (size_t i = 1; i < text->count; i++)
		if (strcmp(text->values[i].name, text->values[0].name) != 0)
			return true;
	return false;
}

struct texts {
	struct bench_text old, new;
	bool has_several;
};

/* Which figure a value is of; GATE_METRIC_COUNT: none. The middle stretch's time bears other work on the machine best; where a
 * benchmark has none it is the mean. */
static enum gate_metric metric_of(const struct texts *texts, const struct bench_text_value *value)
{
	if (strcmp(value->unit, INSTRUCTIONS_UNIT) == 0)
		return GATE_INSTRUCTIONS;
	if (strcmp(value->unit, BENCH_MIDDLE_UNIT) == 0)
		return has_unit(&texts->old, value->name, BENCH_MIDDLE_UNIT) &&
				       has_unit(&texts->new, value->name, BENCH_MIDDLE_UNIT)
			       ? GATE_TIME
			       : GATE_METRIC_COUNT;
	if (strcmp(value->unit, "ns/op") != 0)
		return GATE_METRIC_COUNT;
	return has_unit(&texts->old, value->name, BENCH_MIDDLE_UNIT) &&
			       has_unit(&texts->new, value->name, BENCH_MIDDLE_UNIT)
		       ? GATE_METRIC_COUNT
		       : GATE_TIME;
}

static struct gate_subject *subject_of(struct gate *gate, const struct catalog_test *test,
				       const struct texts *texts,
				       const struct bench_text_value *value)
{
	return gate_subject(gate, test->title, texts->has_several ? value->name : NULL);
}

static void clear(struct gate *gate, const char *test)
{
	for (size_t i = 0; i < gate->count; i++) {
		struct gate_subject *subject = &gate->subjects[i];

		if (strcmp(subject->test, test) != 0)
			continue;
		for (enum gate_metric m = GATE_INSTRUCTIONS; m < GATE_METRIC_COUNT; m++) {
			gate_clear(&subject->figures[m].old);
			gate_clear(&subject->figures[m].new);
		}
	}
}

static void take_side(struct gate *gate, const struct catalog_test *test, const struct texts *texts,
		      bool is_base)
{
	const struct bench_text *text = is_base ? &texts->old : &texts->new;

	for (size_t i = 0; i < text->count; i++) {
		enum gate_metric metric = metric_of(texts, &text->values[i]);
		struct gate_subject *subject;

		if (metric == GATE_METRIC_COUNT)
			continue;
		subject = subject_of(gate, test, texts, &text->values[i]);
		gate_add(is_base ? &subject->figures[metric].old : &subject->figures[metric].new,
			 text->values[i].value);
	}
}

/* Take what was measured since the beginning, or since bench_turns_again(), and judge it. */
static void take(struct gate *gate, const struct bench_turns *turns)
{
	const struct catalog_test *test = turns->new.test;
	struct texts texts = {0};

	fflush(turns->old.report.text);
	fflush(turns->new.report.text);
	bench_text_parse(&texts.old, turns->old.report.bytes, turns->old.report.size);
	bench_text_parse(&texts.new, turns->new.report.bytes, turns->new.report.size);
	texts.has_several = has_several(&texts.new);
	clear(gate, test->title);
	take_side(gate, test, &texts, true);
	take_side(gate, test, &texts, false);
	bench_text_free(&texts.old);
	bench_text_free(&texts.new);
	for (size_t i = 0; i < gate->count; i++) {
		if (strcmp(gate->subjects[i].test, test->title) != 0)
			continue;
		gate_judge(gate, &gate->subjects[i], GATE_INSTRUCTIONS);
		gate_judge(gate, &gate->subjects[i], GATE_TIME);
	}
}

/* Is any figure of the test so? */
static bool any(const struct gate *gate, const char *test,
		bool (*is_so)(const struct gate *gate, const struct gate_figure *figure,
			      enum gate_metric metric))
{
	for (size_t i = 0; i < gate->count; i++) {
		if (strcmp(gate->subjects[i].test, test) != 0)
			continue;
		for (enum gate_metric m = GATE_INSTRUCTIONS; m < GATE_METRIC_COUNT; m++)
			if (is_so(gate, &gate->subjects[i].figures[m], m))
				return true;
	}
	return false;
}

/* A difference that may turn out to be too large. */
static bool is_doubtful(const struct gate *gate, const struct gate_figure *figure,
			enum gate_metric metric)
{
	return gate_is_worse(figure->verdict) || gate_is_doubtful(gate, figure, metric);
}

static bool is_worse(const struct gate *gate, const struct gate_figure *figure,
		     enum gate_metric metric)
{
	(void)gate;
	(void)metric;
	return gate_is_worse(figure->verdict);
}

/* How many turns there is time for. */
static uint64_t turns_of(struct gate_run *run, const struct bench_turns *turns, double began_s)
{
	double each_s = (now_s() - began_s) / (double)turns->done;
	double most = LIMIT_S / each_s;

	if (most >= (double)run->how.runs)
		return run->how.runs;
	most = most < LEAST_TURNS ? LEAST_TURNS : most;
	if (most >= (double)run->how.runs)
		return run->how.runs;
	gate_note(run->gate, "%s: timed %.0f times only: once takes %.1f s", turns->new.test->title,
		  most, each_s);
	return (uint64_t)most;
}

static void note_problem(struct gate_run *run, const struct bench_turns *turns)
{
	const char *old = turns->old.problem, *new = turns->new.problem;

	if (old == NULL && new == NULL)
		return;
	gate_note(run->gate, "%s: times were not compared: %s%s", turns->new.test->title,
		  new != NULL ? "" : "the base: ", new != NULL ? new : old);
	clear(run->gate, turns->new.test->title);
}

static void note_instructions(struct gate_run *run, const struct bench_turns *turns)
{
	if (run->how.counters == 0 || turns->done == 0 ||
	    (turns->old.counters & turns->new.counters) != 0)
		return;
	run->how.counters = 0;
	if (!run->said_no_instructions)
		gate_note(run->gate, "instructions are not counted: this machine, or its kernel, "
				     "does not let us");
	run->said_no_instructions = true;
}

/* Measure `count` turns, and more where they leave a doubt. */
static void measure_well(struct gate_run *run, struct bench_turns *turns, uint64_t count)
{
	for (uint64_t times = 1; times <= MOST_TIMES; times++) {
		bench_turns_time(turns, 0, times * count);
		take(run->gate, turns);
		if (!bench_turns_go_on(turns) ||
		    !any(run->gate, turns->new.test->title, gate_is_unsure))
			break;
	}
}

static void measure_all(struct gate_run *run, struct bench_turns *turns, double began_s)
{
	uint64_t count = turns_of(run, turns, began_s);

	measure_well(run, turns, count);
	if (!bench_turns_go_on(turns) || !any(run->gate, turns->new.test->title, is_worse))
		return;
	/* One in so many is worse by chance; twice by chance is one in so many times as many. */
	bench_turns_again(turns);
	measure_well(run, turns, count);
}

void gate_time_test(struct gate_run *run, const struct catalog_test *old,
		    const struct catalog_test *new)
{
	struct bench_turns turns;
	double began_s = now_s();
	uint64_t first = run->how.runs < FIRST_TURNS ? run->how.runs : FIRST_TURNS;

	bench_turns_begin(&turns, &run->how, old, new);
	bench_turns_time(&turns, 0, first);
	note_instructions(run, &turns);
	take(run->gate, &turns);
	if (bench_turns_go_on(&turns) && any(run->gate, new->title, is_doubtful))
		measure_all(run, &turns, began_s);
	note_problem(run, &turns);
	bench_turns_end(&turns);
}

/* By turns with itself: how it is measured is the same. */
void gate_time_alone(struct gate_run *run, const struct catalog_test *test)
{
	gate_time_test(run, test, test);
	for (size_t i = 0; i < run->gate->count; i++) {
		struct gate_subject *subject = &run->gate->subjects[i];

		if (strcmp(subject->test, test->title) != 0)
			continue;
		gate_clear(&subject->figures[GATE_INSTRUCTIONS].old);
		gate_clear(&subject->figures[GATE_TIME].old);
	}
}
