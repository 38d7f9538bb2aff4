/* SPDX-License-Identifier: MIT */
/* The passes that a benchmark goes through, each noting what went wrong in it. */
#ifndef PPROFMK_TOOL_BENCH_PASSES_H
#define PPROFMK_TOOL_BENCH_PASSES_H

#include "tool/run/bench_report.h"
#include "tool/run/bench_session.h"
#include "tool/run/manifest.h"

/* One test on its way through the passes. */
struct bench_test {
	struct bench_session *session;
	const struct catalog_test *test;
	struct bench_report report;
	struct bench_notes notes;
	struct manifest *manifest;
	char *label;  /* its title, as a terminal may show it */
	bool is_good; /* nothing went wrong; that it was interrupted is nothing wrong */
	bool goes_on; /* another pass has a chance */
	size_t result_count;
};

/* Allocations. They are known before the first line is printed: it is complete then.
 *
 * cpus     that the pass may use, as in struct bench_pass; so below
 * is_last  the profile of allocations is that of this pass
 * mem      filled in; the caller frees it, as in the next two */
void bench_passes_mem(struct bench_test *one, unsigned cpus, bool is_last, struct bench_set *mem);

/* Counters, where there are any; else an empty set. */
void bench_passes_counters(struct bench_test *one, unsigned cpus, struct bench_set *counted);

/* Times: one run of session->runs. */
void bench_passes_time(struct bench_test *one, unsigned cpus, uint64_t number,
		       struct bench_set *set);

/* Profiles of a kind, if they are asked for.
 *
 * share  as in struct bench_pass */
void bench_passes_profile(struct bench_test *one, enum rec_kind kind, unsigned share);

#endif
