/* SPDX-License-Identifier: MIT */
#include "tool/bench/bench_notes.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xalloc.h"

/* Where each call of a test's body is timed by itself, two readings of the clock, some 25 ns each, are to be a small part of
 * it. */
#define BODY_NS 1000.0

/* An operation that takes no more than so many empty loops may be none. */
#define EMPTY_LOOPS 1.5

/* Where all iterations together are timed once or twice, the same. */
#define LOOP_NS UINT64_C(5000)

/* No thread is through with an iteration in less: counting it takes a cycle, this is half of one at 5 GHz. */
#define NO_TIME_NS 0.1

/* What cannot be an empty loop on any machine is not compared: measuring one takes time. */
#define SURELY_NOT_EMPTY_NS 10.0

/* Processes that wait for a processor, for each that there is: then somebody else is at work. */
#define BUSY_LOAD 0.5

/* Processor time taken away that shows in figures. */
#define STOLEN_SHARE 0.01

void bench_notes_add(struct bench_notes *notes, const char *format, ...)
{
	va_list arguments;
	char *raw, *line;

	va_start(arguments, format);
	raw = xvasprintf(format, arguments);
	va_end(arguments);
	/* What the program has called its units and tests need not be. */
	line = xmalloc(3 * strlen(raw) + 1);
	utf8_repair(raw, line);
	free(raw);
	for (size_t i = 0; i < notes->count; i++)
		if (strcmp(notes->lines[i], line) == 0) {
			free(line);
			return;
		}
	notes->lines = xgrow(notes->lines, notes->count, &notes->cap, sizeof *notes->lines);
	notes->lines[notes->count++] = line;
}

/* "829.4": four digits that count, as in the lines, without their padding. */
static const char *figure(char out[32], double value)
{
	int digits = value >= 999.95 ? 0 : value >= 99.995 ? 1 : value >= 9.9995 ? 2 : 3;

	if (value < 0.99995)
		snprintf(out, 32, "%.4g", value);
	else
		snprintf(out, 32, "%.*f", digits, value);
	return out;
}

/* The values are sorted by it. */
static void add_spread(struct bench_notes *notes, const char *name, double *values, size_t count,
		       const char *of)
{
	char median[32], low[32], high[32], least[32], most[32];

	if (count < 2)
		return;
	figure(median, bench_median(values, count));
	figure(low, values[count / 4]);
	figure(high, values[count - 1 - count / 4]);
	figure(least, values[0]);
	figure(most, values[count - 1]);
	if (count < 4)
		bench_notes_add(notes, "%s: median %s ns/op, %s to %s (%zu %s)", name, median,
				least, most, count, of);
	else
		bench_notes_add(notes,
				"%s: median %s ns/op, half within %s to %s, all %s to %s (%zu %s)",
				name, median, low, high, least, most, count, of);
}

/* ns/op of the least disturbed stretch of the run: interruptions make no empty loop an operation. */
static double least_ns(const struct bench_result *result)
{
	double least = result->batch_count > 0 ? result->batches[0] : result->ns_op;

	for (size_t i = 1; i < result->batch_count; i++)
		least = result->batches[i] < least ? result->batches[i] : least;
	return least;
}

/* ns  for each iteration of each thread */
static bool may_be_empty(double ns)
{
	return ns < SURELY_NOT_EMPTY_NS && ns < EMPTY_LOOPS * bench_machine_empty_loop_ns();
}

static void add_doubts(struct bench_notes *notes, const struct bench_result *result)
{
	double threads = result->threads > 1 ? result->threads : 1;
	double ns = least_ns(result);

	if (result->owns_ns)
		return;
	if (ns * threads < NO_TIME_NS)
		bench_notes_add(notes,
				"%s: 0 ns/op: no time passed with the timer running, so nothing "
				"was measured",
				result->name);
	else if (result->is_each_timed && ns < BODY_NS)
		bench_notes_add(
			notes,
			"%s: a body this short is near what timing it takes, which its "
			"fixtures make necessary for each call; a PPROF_BENCH_LOOP in it is "
			"timed as a whole",
			result->name);
	else if (result->iterations > 0 && result->wall_ns < LOOP_NS)
		bench_notes_add(notes,
				"%s: %" PRIu64
				" iterations took %.1f us together, in which reading "
				"the clock shows; ask for more (Benchtime)",
				result->name, result->iterations, (double)result->wall_ns / 1e3);
	else if (!result->is_body && may_be_empty(ns * threads))
		bench_notes_add(notes,
				"%s: no slower than an empty loop (%.2f ns): the operation may "
				"have been optimised away; PPROF_KEEP its result",
				result->name, bench_machine_empty_loop_ns());
}

/* A run's result of that name; NULL: it has none, or one with a problem. */
static const struct bench_result *good_result(const struct bench_set *run, const char *name)
{
	const struct bench_result *result = bench_set_find(run, name);

	return result != NULL && result->problem == NULL ? result : NULL;
}

/* Figures of a benchmark in all runs. Its place in each run may differ. */
static size_t collect(const struct bench_set *runs, size_t count, const char *name, double *values)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		const struct bench_result *result = good_result(&runs[i], name);

		if (result != NULL)
			values[found++] = result->ns_op;
	}
	return found;
}

static size_t count_metric(const struct bench_set *runs, size_t count, const char *name,
			   const char *unit)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		const struct bench_result *result = good_result(&runs[i], name);

		found += result != NULL && bench_result_metric(result, unit) != NULL;
	}
	return found;
}

static bool is_first_of_name(const struct bench_set *runs, size_t run, const char *name)
{
	for (size_t i = 0; i < run; i++)
		if (good_result(&runs[i], name) != NULL)
			return false;
	return true;
}

static bool is_first_of_unit(const struct bench_set *runs, size_t run, const char *name,
			     const char *unit)
{
	for (size_t i = 0; i < run; i++) {
		const struct bench_result *result = good_result(&runs[i], name);

		if (result != NULL && bench_result_metric(result, unit) != NULL)
			return false;
	}
	return true;
}

/* Each unit that any of the runs has, where it is met first: there may be a million runs. */
static bool has_all_metrics(struct bench_notes *notes, const struct bench_set *runs, size_t count,
			    const char *name, size_t results)
{
	bool has = true;

	for (size_t i = 0; i < count; i++) {
		const struct bench_result *result = good_result(&runs[i], name);

		for (size_t j = 0; result != NULL && j < result->metric_count; j++) {
			const char *unit = result->metrics[j].unit;
			size_t found;

			if (!is_first_of_unit(runs, i, name, unit))
				continue;
			found = count_metric(runs, count, name, unit);
			if (found == results)
				continue;
			has = false;
			bench_notes_add(notes,
					"%s: %s is in %zu of its %zu runs only: they did not do "
					"the same",
					name, unit, found, results);
		}
	}
	return has;
}

/* values  room for one of each run */
static bool add_result(struct bench_notes *notes, const struct bench_set *runs, size_t count,
		       const struct bench_result *result, double *values)
{
	size_t results = collect(runs, count, result->name, values);

	if (results > 1)
		add_spread(notes, result->name, values, results, "runs");
	else if (results == 1 && !result->owns_ns)
		add_spread(notes, result->name, result->batches, result->batch_count,
			   "stretches of the run");
	add_doubts(notes, result);
	if (results < count)
		bench_notes_add(notes, "%s: in %zu of %zu runs only: they did not do the same",
				result->name, results, count);
	return has_all_metrics(notes, runs, count, result->name, results) && results == count;
}

bool bench_notes_add_runs(struct bench_notes *notes, const struct bench_set *runs, size_t count)
{
	double *values = xcalloc(count + 1, sizeof *values);
	bool is_same = true;

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < runs[i].count; j++) {
			const struct bench_result *result = &runs[i].items[j];

			if (result->problem == NULL && is_first_of_name(runs, i, result->name))
				is_same &= add_result(notes, runs, count, result, values);
		}
	free(values);
	return is_same;
}

static bool is_in_any(const struct bench_set *runs, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (bench_set_find(&runs[i], name) != NULL)
			return true;
	return false;
}

bool bench_notes_add_mem(struct bench_notes *notes, const struct bench_set *mem,
			 const struct bench_set *runs, size_t count)
{
	bool is_same = true;

	for (size_t i = 0; i < mem->count; i++) {
		if (is_in_any(runs, count, mem->items[i].name))
			continue;
		is_same = false;
		bench_notes_add(
			notes,
			"%s: in the pass for allocations only: that for time did not do the "
			"same",
			mem->items[i].name);
	}
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < runs[i].count; j++) {
			if (is_in_any(mem, 1, runs[i].items[j].name))
				continue;
			is_same = false;
			bench_notes_add(notes,
					"%s: not in the pass for allocations, which did not do the "
					"same: they are not known",
					runs[i].items[j].name);
		}
	return is_same;
}

void bench_notes_add_machine(struct bench_notes *notes, const struct bench_machine *before,
			     unsigned cpus)
{
	double stolen = bench_machine_stolen(before);
	char *governor = bench_machine_governor();

	if (before->load >= BUSY_LOAD * cpus)
		bench_notes_add(notes,
				"the load average was %.1f on %u processor%s when this began: "
				"others were at work",
				before->load, cpus, cpus == 1 ? "" : "s");
	if (stolen >= STOLEN_SHARE)
		bench_notes_add(notes,
				"%.0f%% of the processors' time was taken by the host of this "
				"machine meanwhile",
				stolen * 100);
	if (governor != NULL)
		bench_notes_add(notes,
				"the processors' frequency varies (governor %s, not performance): "
				"so do figures",
				governor);
	free(governor);
}

void bench_notes_free(struct bench_notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		free(notes->lines[i]);
	free(notes->lines);
	*notes = (struct bench_notes){0};
}
