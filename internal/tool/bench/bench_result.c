/* SPDX-License-Identifier: MIT */
#include "tool/bench/bench_result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/common/bench_stats.h"

static const char *const counter_units[] = {
#define X(name, text, unit) unit,
	REC_COUNTERS(X)
#undef X
};

double bench_median(double *values, size_t count)
{
	bench_sort(values, count);
	return count > 0 ? bench_sorted_median(values, count) : 0;
}

const struct bench_metric *bench_result_metric(const struct bench_result *result, const char *unit)
{
	for (size_t i = 0; i < result->metric_count; i++)
		if (strcmp(result->metrics[i].unit, unit) == 0)
			return &result->metrics[i];
	return NULL;
}

void bench_result_set_metric(struct bench_result *result, const char *unit, double value)
{
	size_t at = result->metric_count;

	while (at > 0 && strcmp(result->metrics[at - 1].unit, unit) >= 0)
		at--;
	if (at < result->metric_count && strcmp(result->metrics[at].unit, unit) == 0) {
		result->metrics[at].value = value;
		return;
	}
	result->metrics = xgrow(result->metrics, result->metric_count, &result->metric_cap,
				sizeof *result->metrics);
	memmove(result->metrics + at + 1, result->metrics + at,
		(result->metric_count - at) * sizeof *result->metrics);
	result->metrics[at] = (struct bench_metric){xstrdup(unit), value};
	result->metric_count++;
}

/* Go converts to int64; what has no such value is none. */
static uint64_t whole(double value)
{
	return value >= 0 && value < 0x1p63 ? (uint64_t)value : 0;
}

/* A figure of the program's own, which may stand for one of ours, as with Go's ReportMetric. */
static void own_metric(struct bench_result *result, const char *unit, double value)
{
	if (!isfinite(value))
		return;
	if (strcmp(unit, "ns/op") == 0) {
		result->ns_op = value;
		result->owns_ns = true;
	} else if (strcmp(unit, "MB/s") == 0) {
		result->mb_s = value;
	} else if (strcmp(unit, "B/op") == 0) {
		result->bytes_op = whole(value);
		result->owns_bytes = true;
	} else if (strcmp(unit, "allocs/op") == 0) {
		result->allocs_op = whole(value);
		result->owns_allocs = true;
	} else {
		bench_result_set_metric(result, unit, value);
	}
}

static void read_times(struct bench_result *result, const struct rec_bench *bench)
{
	result->iterations = bench->count;
	result->wall_ns = bench->wall_ns;
	result->threads = bench->threads;
	result->is_body = bench->is_body != 0;
	result->is_each_timed = bench->is_each_timed != 0;
	if (bench->count == 0)
		return;
	result->ns_op = (double)bench->wall_ns / (double)bench->count;
	if (bench->wall_ns != 0)
		result->mb_s = (double)bench->op_bytes * (double)bench->count / 1e6 /
			       ((double)bench->wall_ns / 1e9);
}

/* A recorder of allocations that is off has said why, before anything else could go wrong. One that has missed some, where the
 * process may have no more memory, has nothing to divide. */
static bool has_allocations(const struct rec_header *rec)
{
	return rec->config.kind == REC_KIND_MEM && strncmp(rec->state.message, "mem: ", 5) != 0 &&
	       atomic_load(&rec->state.events_dropped) == 0;
}

static void read_counts(struct bench_result *result, const struct rec_bench *bench,
			const struct rec_header *rec)
{
	if (has_allocations(rec) && bench->count != 0) {
		result->bytes_op = bench->alloc_bytes / bench->count;
		result->allocs_op = bench->alloc_count / bench->count;
		result->has_mem = true;
	}
	for (size_t i = 0; i < REC_COUNTER_COUNT && bench->count != 0; i++)
		if ((rec->state.counters & 1u << i) != 0)
			bench_result_set_metric(result, counter_units[i],
						(double)bench->counters[i] / (double)bench->count);
}

static void read_batches(struct bench_result *result, const struct recording *recording,
			 uint32_t number)
{
	const struct rec_batch *batches = recording_table(recording, BATCHES, struct rec_batch);
	uint32_t count = recording_len(recording, REC_BATCHES);

	for (uint32_t i = 0; i < count; i++) {
		if (batches[i].bench != number || batches[i].count == 0)
			continue;
		result->batches = xgrow(result->batches, result->batch_count, &result->batch_cap,
					sizeof *result->batches);
		result->batches[result->batch_count++] =
			(double)batches[i].wall_ns / (double)batches[i].count;
	}
}

static void read_metrics(struct bench_result *result, const struct recording *recording,
			 uint32_t number)
{
	const struct rec_metric *metrics = recording_table(recording, METRICS, struct rec_metric);
	uint32_t count = recording_len(recording, REC_METRICS);

	for (uint32_t i = 0; i < count; i++) {
		char *unit;

		if (metrics[i].bench != number)
			continue;
		unit = bench_graphic(recording_string(recording, metrics[i].unit));
		own_metric(result, unit, metrics[i].value);
		free(unit);
	}
}

static const char *problem_of(const struct rec_bench *bench, bool is_second)
{
	if (bench->was_left)
		return "its loop was left by break, return, goto or a failed assertion";
	if (!atomic_load(&bench->is_complete))
		return "its loop did not come to its end";
	if (is_second)
		return "it has two loops; each needs a PPROF_BENCH_SUB of its own around it";
	if (bench->count == 0)
		return "no iteration was measured";
	return NULL;
}

/* How many benchmarks before that one are sub-benchmarks of its name. They have the first numbers: thousands would take
 * minutes to try. */
static unsigned namesakes(const struct recording *recording, const struct rec_bench *benches,
			  uint32_t at)
{
	const char *sub = recording_string(recording, benches[at].name);
	unsigned found = 0;

	for (uint32_t i = 0; *sub != '\0' && i < at; i++)
		found += strcmp(recording_string(recording, benches[i].name), sub) == 0;
	return found;
}

static char *numbered_name(const struct catalog_test *test, const char *sub, unsigned number,
			   unsigned cpus)
{
	char *numbered = number > 0 ? xasprintf("%s#%02u", sub, number) : xstrdup(sub);
	char *name = bench_full_name(test, numbered, cpus);

	free(numbered);
	return name;
}

/* A sub-benchmark of a name that there was already is called "NAME#01", as by Go. The test itself has its name always.
 *
 * number  what is tried first, 0: the bare name */
static char *fresh_name(const struct bench_set *set, const struct catalog_test *test,
			const char *sub, unsigned number, unsigned cpus)
{
	char *name = numbered_name(test, sub, number, cpus);

	while (*sub != '\0' && bench_set_find(set, name) != NULL) {
		free(name);
		name = numbered_name(test, sub, ++number, cpus);
	}
	return name;
}

void bench_set_read(struct bench_set *set, const struct recording *recording,
		    const struct catalog_test *test, unsigned cpus)
{
	const struct rec_bench *benches = recording_table(recording, BENCHES, struct rec_bench);
	uint32_t count = recording_len(recording, REC_BENCHES);

	for (uint32_t i = 0; i < count; i++) {
		const char *sub = recording_string(recording, benches[i].name);
		char *name = fresh_name(set, test, sub, namesakes(recording, benches, i), cpus);
		bool is_second = bench_set_find(set, name) != NULL;
		struct bench_result *result;

		set->items = xgrow(set->items, set->count, &set->cap, sizeof *set->items);
		result = &set->items[set->count++];
		memset(result, 0, sizeof *result);
		result->name = name;
		result->problem = problem_of(&benches[i], is_second);
		read_times(result, &benches[i]);
		read_counts(result, &benches[i], recording->rec);
		read_batches(result, recording, i + 1);
		read_metrics(result, recording, i + 1);
	}
}

const struct bench_result *bench_set_find(const struct bench_set *set, const char *name)
{
	for (size_t i = 0; i < set->count; i++)
		if (strcmp(set->items[i].name, name) == 0)
			return &set->items[i];
	return NULL;
}

void bench_set_add_mem(struct bench_set *set, const struct bench_set *mem)
{
	for (size_t i = 0; i < set->count; i++) {
		struct bench_result *result = &set->items[i];
		const struct bench_result *known = bench_set_find(mem, result->name);

		if (known == NULL || known->problem != NULL || !known->has_mem)
			continue;
		result->has_mem = true;
		if (!result->owns_bytes)
			result->bytes_op = known->bytes_op;
		if (!result->owns_allocs)
			result->allocs_op = known->allocs_op;
	}
}

static void add_counters_of(struct bench_result *result, const struct bench_result *counted)
{
	for (size_t i = 0; i < REC_COUNTER_COUNT; i++) {
		const struct bench_metric *metric = bench_result_metric(counted, counter_units[i]);

		/* The program's own figure of that unit comes first. */
		if (metric != NULL && bench_result_metric(result, counter_units[i]) == NULL)
			bench_result_set_metric(result, metric->unit, metric->value);
	}
}

void bench_set_add_counters(struct bench_set *set, const struct bench_set *counted)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct bench_result *known = bench_set_find(counted, set->items[i].name);

		if (known != NULL && known->problem == NULL)
			add_counters_of(&set->items[i], known);
	}
}

void bench_set_free(struct bench_set *set)
{
	for (size_t i = 0; i < set->count; i++) {
		struct bench_result *result = &set->items[i];

		for (size_t j = 0; j < result->metric_count; j++)
			free(result->metrics[j].unit);
		free(result->metrics);
		free(result->batches);
		free(result->name);
	}
	free(set->items);
	*set = (struct bench_set){0};
}
