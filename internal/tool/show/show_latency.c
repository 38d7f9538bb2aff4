/* SPDX-License-Identifier: MIT */
#include "tool/show/show_latency.h"

#include <string.h>

#include "base/xalloc.h"

struct show_latency *show_latency_of(struct show_latencies *latencies, uint64_t name)
{
	struct show_latency *latency;

	for (size_t i = 0; i < latencies->len; i++)
		if (latencies->items[i].name == name)
			return &latencies->items[i];
	latencies->items =
		xgrow(latencies->items, latencies->len, &latencies->cap, sizeof *latencies->items);
	latency = &latencies->items[latencies->len++];
	*latency = (struct show_latency){.name = name};
	return latency;
}

static uint64_t length_of(const struct show_slow *one)
{
	return one->end_ns - one->start_ns;
}

/* Bar 0 has 0 and 1 ns. */
static size_t bar_of(uint64_t ns)
{
	size_t bar = ns < 2 ? 0 : 63 - (size_t)__builtin_clzll(ns);

	return bar < SHOW_BARS ? bar : SHOW_BARS - 1;
}

void show_latency_add(struct show_latency *latency, const struct show_slow *one)
{
	size_t at = latency->slowest_count;

	latency->count++;
	latency->total_ns += length_of(one);
	latency->bars[bar_of(length_of(one))]++;
	while (at > 0 && length_of(&latency->slowest[at - 1]) < length_of(one))
		at--;
	if (at == SHOW_SLOWEST)
		return;
	if (latency->slowest_count < SHOW_SLOWEST)
		latency->slowest_count++;
	memmove(&latency->slowest[at + 1], &latency->slowest[at],
		(latency->slowest_count - at - 1) * sizeof *latency->slowest);
	latency->slowest[at] = *one;
}
