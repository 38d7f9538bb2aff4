/* SPDX-License-Identifier: MIT */
#include "runtime/bench/bench_scope.h"

#include <math.h>
#include <string.h>

enum { DEPTH_MAX = 16, PATH_BYTES = 512 };

/* Scopes from the outermost, the test, to the present one. Deeper ones than DEPTH_MAX are only counted. */
static struct {
	size_t path_end[DEPTH_MAX];
	struct rec_bench *item[DEPTH_MAX];
	int depth;
	char path[PATH_BYTES]; /* "size=64/fast" */
} scope;

static int level(void)
{
	return scope.depth < DEPTH_MAX ? scope.depth : DEPTH_MAX - 1;
}

void bench_scope_reset(void)
{
	memset(&scope, 0, sizeof scope);
}

/* Spaces would end the name for whoever reads the result, as Go's test names. Bytes above ASCII are letters of some alphabet. */
static char printable(char byte)
{
	return (unsigned char)byte <= ' ' || byte == 0x7f ? '_' : byte;
}

void bench_scope_enter(const char *name)
{
	size_t at = scope.path_end[level()];

	scope.depth++;
	if (scope.depth >= DEPTH_MAX)
		return;
	/* As Go calls it: without a name it would be the benchmark around it. */
	if (*name == '\0')
		name = "#00";
	if (at > 0 && at < PATH_BYTES - 1)
		scope.path[at++] = '/';
	for (; *name != '\0' && at < PATH_BYTES - 1; name++)
		scope.path[at++] = printable(*name);
	scope.path[at] = '\0';
	scope.path_end[scope.depth] = at;
	scope.item[scope.depth] = NULL;
}

void bench_scope_leave(void)
{
	if (scope.depth == 0)
		return;
	scope.depth--;
	if (scope.depth < DEPTH_MAX)
		scope.path[scope.path_end[scope.depth]] = '\0';
}

struct rec_bench *bench_scope_item(bool is_fresh)
{
	struct rec_bench *item = scope.item[level()];
	uint32_t number;

	if (item != NULL && !(is_fresh && item->threads != 0))
		return item;
	number = rt_append(REC_BENCHES);
	if (number == UINT32_MAX)
		return NULL;
	item = rt_table(BENCHES, struct rec_bench) + number;
	item->name = scope.path[0] != '\0' ? rt_string(scope.path) : 0;
	scope.item[level()] = item;
	return item;
}

uint32_t bench_scope_number(const struct rec_bench *item)
{
	return (uint32_t)(item - rt_table(BENCHES, struct rec_bench)) + 1;
}

static bool is_unit(const char *unit)
{
	if (*unit == '\0')
		return false;
	for (; *unit != '\0'; unit++)
		if (printable(*unit) != *unit)
			return false;
	return true;
}

static struct rec_metric *metric_find(uint32_t bench, const char *unit)
{
	struct rec_metric *metrics = rt_table(METRICS, struct rec_metric);
	uint32_t len = atomic_load(&rt_rec->table[REC_METRICS].len);

	for (uint32_t i = 0; i < len && i < rt_rec->table[REC_METRICS].cap; i++)
		if (metrics[i].bench == bench &&
		    strcmp(rt_table(STRINGS, char) + metrics[i].unit, unit) == 0)
			return &metrics[i];
	return NULL;
}

void bench_scope_metric(const char *unit, double value)
{
	struct rec_bench *item = bench_scope_item(false);
	struct rec_metric *metric;
	uint32_t number;

	if (!is_unit(unit)) {
		rt_trouble("pprof_bench_metric: \"%s\" is no unit: it is empty or has a space; "
			   "write frames/s, say",
			   unit);
		return;
	}
	if (!isfinite(value)) {
		rt_trouble("pprof_bench_metric: %s is no number (%f): it is left out", unit, value);
		return;
	}
	if (item == NULL)
		return;
	metric = metric_find(bench_scope_number(item), unit);
	if (metric == NULL) {
		number = rt_append(REC_METRICS);
		if (number == UINT32_MAX)
			return;
		metric = rt_table(METRICS, struct rec_metric) + number;
		metric->unit = rt_string(unit);
	}
	metric->value = value;
	atomic_store_explicit(&metric->bench, bench_scope_number(item), memory_order_release);
}
