/* SPDX-License-Identifier: MIT */
/* A benchmark's figures, and the set of them that one pass (a process) or several give. */
#ifndef PPROFMK_TOOL_BENCH_RESULT_H
#define PPROFMK_TOOL_BENCH_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tool/launch/recording.h"
#include "tool/suite/catalog.h"

/* A figure beside the usual ones: the benchmark's own, or a counter. */
struct bench_metric {
	char *unit; /* "frames/s" */
	double value;
};

struct bench_result {
	char *name;	     /* "BenchmarkEncode/size=64-2" */
	uint64_t iterations; /* that were measured */
	uint64_t wall_ns;    /* that they took */
	double ns_op;
	double mb_s; /* 0: not told, and left out */
	uint64_t bytes_op, allocs_op;
	bool has_mem;			       /* the two above are known */
	bool owns_ns, owns_bytes, owns_allocs; /* the program's metric has replaced ours */
	struct bench_metric *metrics;	       /* sorted by unit, none of the above */
	size_t metric_count, metric_cap;
	double *batches; /* ns/op of stretches of the iterations, in the order of time */
	size_t batch_count, batch_cap;
	uint32_t threads;   /* that ran the loop at once */
	bool is_body;	    /* the operation is a test's body */
	bool is_each_timed; /* and each call of it was timed by itself */
	/* Why this is no result ("its loop was left by break, ..."), NULL: it is one. Such are not printed. */
	const char *problem;
};

struct bench_set {
	struct bench_result *items; /* in the order of the program */
	size_t count, cap;
};

/* Is a test a benchmark by its name: bench_* or benchmark_*? */
bool bench_is_named(const char *test);

/* The same, or because its suite has its program among the benchmarks. */
bool bench_is_one(const struct catalog_test *test);

/* A copy with what would end a name or a unit in a line, or is no UTF-8, as "_". The caller frees it. */
char *bench_graphic(const char *text);

/* "BenchmarkEncode" of bench_encode or benchmark_encode, "BenchmarkTestSendCode" of test_send_code; "#01" behind it where
 * it is the second test of that name, as in Go. What would end the name in a line becomes "_". The caller frees it. */
char *bench_name(const struct catalog_test *test);

/* The same of a sub-benchmark ("size=64", "" for the test itself), with "-CPUS" unless that is 1. */
char *bench_full_name(const struct catalog_test *test, const char *sub, unsigned cpus);

/* Read what a pass has recorded of a test, however it ended. The set is fresh: {0} is an empty one.
 *
 * cpus  what is said behind the name */
void bench_set_read(struct bench_set *set, const struct recording *recording,
		    const struct catalog_test *test, unsigned cpus);

/* NULL when there is none of that name. */
const struct bench_result *bench_set_find(const struct bench_set *set, const char *name);

/* NULL when the result has none of that unit. */
const struct bench_metric *bench_result_metric(const struct bench_result *result, const char *unit);

/* Give the results what another pass knows of those of the same name: bytes_op and allocs_op of a mem pass, the counters
 * of a pass with counters. */
void bench_set_add_mem(struct bench_set *set, const struct bench_set *mem);
void bench_set_add_counters(struct bench_set *set, const struct bench_set *counted);

void bench_set_free(struct bench_set *set);

/* Give a result a figure, in its place in the order of the units; one of that unit is replaced. */
void bench_result_set_metric(struct bench_result *result, const char *unit, double value);

/* Sort values and return their median; 0 of none. */
double bench_median(double *values, size_t count);

#endif
