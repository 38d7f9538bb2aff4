/* SPDX-License-Identifier: MIT */
/* How long things of one name took: how many, a histogram, and the slowest. */
#ifndef PPROFMK_TOOL_SHOW_LATENCY_H
#define PPROFMK_TOOL_SHOW_LATENCY_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* Durations of 2^i ns up to twice that are in bar i. */
enum { SHOW_BARS = 48, SHOW_SLOWEST = 10 };

struct show_slow {
	uint64_t start_ns, end_ns;
	uint32_t thread;
	uint64_t task; /* 0: none */
};

struct show_latency {
	uint64_t name; /* string of the trace */
	uint64_t count, total_ns;
	uint64_t bars[SHOW_BARS];
	size_t slowest_count;
	struct show_slow slowest[SHOW_SLOWEST]; /* the slowest first */
};

/* All zero: empty. */
struct show_latencies {
	struct show_latency *items;
	size_t len, cap;
};

/* Those of a name, made if need be. There are few names: they are looked through. */
struct show_latency *show_latency_of(struct show_latencies *latencies, uint64_t name);

void show_latency_add(struct show_latency *latency, const struct show_slow *one);

#endif
