/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_clock.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/xalloc.h"

#define ONE (UINT64_C(1) << 32)

__extension__ typedef unsigned __int128 wide;

static int by_ticks(const void *left, const void *right)
{
	const struct trace_clock_line *a = left, *b = right;

	return a->ticks < b->ticks ? -1 : a->ticks > b->ticks;
}

/* Two moments nearer than this say little of how fast the ticks are. */
#define NEAR_NS 1000000

/* Does it contradict the moment before it, or say nothing more? */
static bool is_passed_over(const struct trace_clock_line *last, const struct trace_clock_line *line,
			   bool is_needed)
{
	return line->ticks <= last->ticks || line->ns <= last->ns ||
	       (line->ns - last->ns < NEAR_NS && !is_needed);
}

/* Moments that are complete, in order. */
static void read_moments(struct trace_clock *clock, const struct recording *recording)
{
	const struct rec_trace_sync *syncs =
		recording_table(recording, TRACE_SYNCS, struct rec_trace_sync);
	uint32_t len = recording_len(recording, REC_TRACE_SYNCS);
	size_t kept = 0;

	clock->lines = xcalloc(len + 1, sizeof *clock->lines);
	for (uint32_t i = 0; i < len; i++) {
		uint64_t ns = atomic_load(&syncs[i].ns);

		if (ns != 0)
			clock->lines[clock->count++] =
				(struct trace_clock_line){.ticks = syncs[i].ticks, .ns = ns};
	}
	qsort(clock->lines, clock->count, sizeof *clock->lines, by_ticks);
	for (size_t i = 0; i < clock->count; i++)
		if (kept == 0 || !is_passed_over(&clock->lines[kept - 1], &clock->lines[i],
						 kept == 1 && i + 1 == clock->count))
			clock->lines[kept++] = clock->lines[i];
	clock->count = kept;
}

static uint64_t slope_between(const struct trace_clock_line *from,
			      const struct trace_clock_line *to)
{
	wide slope = (((wide)(to->ns - from->ns)) << 32) / (to->ticks - from->ticks);

	return slope > UINT64_MAX ? UINT64_MAX : (uint64_t)slope;
}

void trace_clock_open(struct trace_clock *clock, const struct recording *recording)
{
	*clock = (struct trace_clock){NULL, 0, 0};
	if (recording->rec->config.trace.ticks == REC_TICKS_NS)
		return;
	read_moments(clock, recording);
	for (size_t i = 0; i + 1 < clock->count; i++)
		clock->lines[i].slope = slope_between(&clock->lines[i], &clock->lines[i + 1]);
	if (clock->count == 1)
		clock->lines[0].slope = ONE;
	/* Behind the last moment it goes on as before it. */
	if (clock->count > 1)
		clock->lines[clock->count - 1].slope = clock->lines[clock->count - 2].slope;
}

void trace_clock_free(struct trace_clock *clock)
{
	free(clock->lines);
}

static size_t line_find(const struct trace_clock *clock, uint64_t ticks)
{
	size_t low = 0, high = clock->count;

	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;

		if (clock->lines[middle].ticks <= ticks)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static bool is_on(const struct trace_clock *clock, size_t line, uint64_t ticks)
{
	return ticks >= clock->lines[line].ticks &&
	       (line + 1 == clock->count || ticks < clock->lines[line + 1].ticks);
}

uint64_t trace_clock_ns(struct trace_clock *clock, uint64_t ticks)
{
	const struct trace_clock_line *line;

	if (clock->count == 0)
		return ticks;
	if (!is_on(clock, clock->last, ticks))
		clock->last = line_find(clock, ticks);
	line = &clock->lines[clock->last];
	if (ticks >= line->ticks)
		return line->ns + (uint64_t)((wide)(ticks - line->ticks) * line->slope >> 32);
	return line->ns - (uint64_t)((wide)(line->ticks - ticks) * line->slope >> 32);
}

uint64_t trace_clock_end(const struct recording *recording)
{
	const struct rec_trace_sync *syncs =
		recording_table(recording, TRACE_SYNCS, struct rec_trace_sync);
	uint32_t len = recording_len(recording, REC_TRACE_SYNCS);
	uint64_t last = 0;

	for (uint32_t i = 0; i < len; i++)
		if (atomic_load(&syncs[i].ns) > last)
			last = atomic_load(&syncs[i].ns);
	return last;
}
