/* SPDX-License-Identifier: MIT */
/* What has to be said about figures so that nobody takes them for more than they are. */
#ifndef PPROFMK_TOOL_BENCH_NOTES_H
#define PPROFMK_TOOL_BENCH_NOTES_H

#include <stdbool.h>
#include <stddef.h>

#include "tool/bench/bench_machine.h"
#include "tool/bench/bench_result.h"

/* Sentences, each once, in their order. {0} has none. */
struct bench_notes {
	char **lines;
	size_t count, cap;
};

void bench_notes_add(struct bench_notes *notes, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* On the runs of one test with one number of processors: median and spread, figures that can't be trusted. Returns false
 * when the runs are not of the same: a benchmark or a metric of one is not in another. */
bool bench_notes_add_runs(struct bench_notes *notes, const struct bench_set *runs, size_t count);

/* On benchmarks of the pass for allocations and of those runs that only one of the two has met: each pass is a process of its
 * own. Returns false when there are any. */
bool bench_notes_add_mem(struct bench_notes *notes, const struct bench_set *mem,
			 const struct bench_set *runs, size_t count);

/* On what else went on since `before`, and how the processors' frequency is governed.
 *
 * cpus  that we may use */
void bench_notes_add_machine(struct bench_notes *notes, const struct bench_machine *before,
			     unsigned cpus);

void bench_notes_free(struct bench_notes *notes);

#endif
