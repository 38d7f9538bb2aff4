/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_turns.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* Turns that make an average, records of each CPU that are enough for one, and what no turn costs. */
enum { TURNS_LEAST = 32, RECORDS_MOST = 1 << 18, COST_MOST_NS = 20000 };

/* What the records have of the time up to a look, from the one before. */
struct seen {
	uint64_t on_ns;
	bool is_first;	 /* the first look at a thread whose beginning was seen */
	bool is_running; /* at the look: what the kernel had counted by then is of before */
};

/* First of the looks at a thread at or behind a time; raw->run_count: none. */
static size_t look_find(const struct trace_raw *raw, uint32_t tid, uint64_t ns)
{
	size_t look = trace_raw_run_find(raw, tid, ns);

	return look < raw->run_count && raw->runs[look].tid == tid ? look : raw->run_count;
}

/* A thread was on a CPU. */
static void add(const struct trace_raw *raw, struct seen *seen, uint32_t tid, uint64_t from_ns,
		uint64_t to_ns)
{
	size_t look = look_find(raw, tid, from_ns);

	for (; look < raw->run_count && raw->runs[look].tid == tid && raw->runs[look].ns < to_ns;
	     look++)
		seen[look].is_running = true;
	if (look < raw->run_count && raw->runs[look].tid == tid)
		seen[look].on_ns += to_ns - from_ns;
}

static void begin(const struct trace_raw *raw, struct seen *seen, const struct spool_switch *item)
{
	size_t look = look_find(raw, item->tid, item->ns);

	if (look < raw->run_count)
		seen[look].is_first = true;
}

/* Returns how far the CPU's records were gone through. */
static uint64_t add_cpu(const struct trace_raw *raw, struct seen *seen, struct trace_parts parts)
{
	struct spool_switch item, in = {.tid = 0};
	size_t count = 0;
	uint64_t last_ns = 0;

	for (size_t i = 0; i < parts.count; i++) {
		const struct trace_part *part = &parts.items[i];

		if (part->sequence != SPOOL_SCHED)
			return last_ns;
		for (size_t at = 0; at + sizeof item <= part->size; at += sizeof item) {
			memcpy(&item, part->bytes + at, sizeof item);
			last_ns = item.ns;
			if (item.kind == SPOOL_SWITCH_BEGIN) {
				begin(raw, seen, &item);
				continue;
			}
			if (item.kind != SPOOL_SWITCH_IN && item.tid == in.tid && item.ns > in.ns)
				add(raw, seen, item.tid, in.ns, item.ns);
			in = item.kind == SPOOL_SWITCH_IN ? item : (struct spool_switch){.tid = 0};
			if (++count == RECORDS_MOST)
				return last_ns;
		}
	}
	return UINT64_MAX;
}

/* From one look at a thread, or its beginning, to another. */
struct stretch {
	uint64_t on_ns, turns;
	double cpu_ns;
};

static void stretch_add(struct stretch *sum, const struct spool_run *from,
			const struct spool_run *to, uint64_t on_ns)
{
	sum->on_ns += on_ns;
	sum->turns += to->turns - (from != NULL ? from->turns : 0);
	sum->cpu_ns += (double)to->cpu_ns - (from != NULL ? (double)from->cpu_ns : 0);
}

static uint64_t cost_of(const struct trace_raw *raw, const struct seen *seen, uint64_t until_ns)
{
	struct stretch sum = {0, 0, 0};
	const struct spool_run *from = NULL;
	bool is_known = false; /* what was before `from`, or the thread's beginning */
	uint64_t on_ns = 0;
	double cost_ns;

	for (size_t i = 0; i < raw->run_count; i++) {
		const struct spool_run *run = &raw->runs[i];

		if (i == 0 || run[-1].tid != run->tid || seen[i].is_first) {
			from = NULL;
			is_known = seen[i].is_first;
			on_ns = 0;
		}
		on_ns += seen[i].on_ns;
		if (seen[i].is_running || run->ns > until_ns)
			continue;
		if (is_known)
			stretch_add(&sum, from, run, on_ns);
		from = run;
		is_known = true;
		on_ns = 0;
	}
	if (sum.turns < TURNS_LEAST)
		return 0;
	cost_ns = (sum.cpu_ns - (double)sum.on_ns) / (double)sum.turns;
	return cost_ns > 0 && cost_ns < COST_MOST_NS ? (uint64_t)cost_ns : 0;
}

uint64_t trace_turns_cost_ns(const struct trace_raw *raw)
{
	struct seen *seen = xcalloc(raw->run_count + 1, sizeof *seen);
	uint64_t until_ns = UINT64_MAX, cost_ns;

	for (size_t cpu = 0; cpu < raw->cpu_count; cpu++) {
		uint64_t ns = add_cpu(raw, seen, raw->switches[cpu]);

		if (ns < until_ns)
			until_ns = ns;
	}
	cost_ns = cost_of(raw, seen, until_ns);
	free(seen);
	return cost_ns;
}
