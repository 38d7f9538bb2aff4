/* SPDX-License-Identifier: MIT */
/* The folder that a run leaves, as reports and gates read it: tests with their verdicts and figures, benchmarks, files. It may
 * come from another machine, another version, a job that was killed, or from somebody who means harm: what is sound is
 * in the lists, what is not is in `problems`. Nothing outside the folder is read, no link is followed. */
#ifndef PPROFMK_TOOL_ARTIFACT_H
#define PPROFMK_TOOL_ARTIFACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "format/profile.h"
#include "tool/launch/outcome.h"

/* What the folder has besides the files of tests: no test's stem is "index". */
#define ARTIFACT_INDEX "index.json"

/* enumerator, name in index.json, title of a column, unit as in human.h, kind of run it is taken from, is it exact? What is
 * exact does not vary between runs of the same code on the same input, unless several threads allocate; times do.
 *
 * All are of one run of the test's body: sums are divided by the number of runs. */
#define ARTIFACT_METRICS(X)                                                      \
	X(TIME, "time", "time", "nanoseconds", "cpu", false)                     \
	X(CPU, "cpu", "CPU", "nanoseconds", "cpu", false)                        \
	X(ALLOCS, "allocs", "allocations", "count", "mem", true)                 \
	X(BYTES, "bytes", "allocated", "bytes", "mem", true)                     \
	X(PEAK, "peak", "peak", "bytes", "mem", true)                            \
	X(LEAKED, "leaked", "leaked", "bytes", "mem", true)                      \
	X(LEAKED_BLOCKS, "leaked_blocks", "leaked blocks", "count", "mem", true) \
	X(WAITING, "waiting", "waiting", "nanoseconds", "block", false)

enum artifact_metric {
#define X(name, word, title, unit, kind, is_exact) ARTIFACT_##name,
	ARTIFACT_METRICS(X)
#undef X
		ARTIFACT_METRIC_COUNT
};

struct artifact_metric_info {
	const char *name, *title, *unit, *kind;
	bool is_exact;
};

extern const struct artifact_metric_info artifact_metrics[ARTIFACT_METRIC_COUNT];

/* One of the manifest's `kinds`. */
struct artifact_kind {
	const char *kind;
	enum outcome_kind outcome;
	const char *ended;
	bool is_repeatable;
	double runs, wall_ns, cpu_ns, lost, truncated;
	const char *message; /* "" for none */
};

struct artifact_leak {
	double blocks, bytes;
	size_t frame_count;
	struct artifact_frame {
		const char *function, *file;
		double line;
	} * frames; /* the allocating function first */
};

/* One of a benchmark's `results`. */
struct artifact_result {
	const char *name;    /* "BenchmarkEncode/size=64-2" */
	const char *problem; /* "" for none */
	double run, cpus, iterations, threads, ns_op;
	double mb_s, bytes_op, allocs_op; /* -1: not known */
	size_t batch_count, metric_count;
	double *batches; /* ns/op of stretches of the run, in the order of time */
	struct artifact_value {
		const char *unit;
		double value;
	} * metrics;
};

/* Files that a test may have, as bits 1 << enum of `files`: name in the manifest's `files`, what follows the stem. Profiles first. */
#define ARTIFACT_FILES(X)                \
	X(CPU, "cpu", "cpu.pb.gz")       \
	X(MEM, "mem", "mem.pb.gz")       \
	X(BLOCK, "block", "block.pb.gz") \
	X(MUTEX, "mutex", "mutex.pb.gz") \
	ARTIFACT_TRACE_PROFILES(X)       \
	X(BENCH, "bench", "bench.txt")   \
	X(TRACE, "trace", "trace")

/* Made from a trace when somebody wants them: no manifest needs to name them. */
#define ARTIFACT_TRACE_PROFILES(X)             \
	X(NET, "net", "net.pb.gz")             \
	X(SYNC, "sync", "sync.pb.gz")          \
	X(SYSCALL, "syscall", "syscall.pb.gz") \
	X(SCHED, "sched", "sched.pb.gz")       \
	X(RUNNING, "running", "running.pb.gz")

enum artifact_file {
#define X(name, word, suffix) ARTIFACT_FILE_##name,
	ARTIFACT_FILES(X)
#undef X
		ARTIFACT_FILE_COUNT
};

struct artifact_file_info {
	const char *kind, *suffix;
};

extern const struct artifact_file_info artifact_files[ARTIFACT_FILE_COUNT];

struct artifact_test {
	const char *title;  /* what it is called here, as in Func=; UTF-8 */
	const char *stem;   /* of its files */
	const char *origin; /* the folder that it was merged from, NULL: it was not */
	const char *name, *group, *program, *package, *suite_test; /* "" where there is none */
	const char *date;					   /* UTC, "2026-11-26T14:06:27Z" */
	const char *tool;					   /* who wrote the manifest */
	const char *machine; /* "Linux 6.1 x86_64, 2 CPUs", "" when it is not said */
	bool has_manifest;   /* false: profiles only, of a job that ended early */
	bool is_set;	     /* all tests of a package or project, no test */
	bool is_bench;
	bool has_profile; /* of any kind */
	/* The first of its kinds that is not good, else how the first one ended; NOT_RUN, with why in `ended`, without a manifest. */
	enum outcome_kind outcome;
	const char *ended;
	bool is_repeatable;
	bool has[ARTIFACT_METRIC_COUNT]; /* was it measured? Never of a set or a benchmark */
	double metrics[ARTIFACT_METRIC_COUNT];
	unsigned files; /* bits of enum artifact_file: those that are there */
	size_t kind_count, leak_count, result_count, note_count;
	struct artifact_kind *kinds;
	struct artifact_leak *leaks;
	struct artifact_result *results;
	const char **notes; /* what makes a benchmark's figures doubtful */
};

/* What is not in the lists, or not whole. */
struct artifact_problem {
	const char *file; /* name in the folder */
	const char *text; /* "truncated at byte 4096" */
};

struct artifact {
	const char *dir;
	const char *since; /* tests of an earlier date are left out, "" for none */
	size_t left_out;   /* how many these are */
	size_t bytes;	   /* private: of the manifests that were read */
	size_t count, cap; /* tests, by title */
	struct artifact_test *tests;
	size_t problem_count, problem_cap;
	size_t problems_more; /* that are not in the list */
	struct artifact_problem *problems;
	struct arena arena; /* private: of all that is pointed at */
};

/* Read a folder: names and manifests. Profiles and texts are read when they are asked for.
 *
 * since  a date as in manifests: tests made before it are left over from earlier runs and left out. NULL: what the
 *        folder's own index.json says; "": all.
 *
 * Returns NULL, after a message, when there is no such folder or it can't be read. */
struct artifact *artifact_read(const char *dir, const char *since);
void artifact_free(struct artifact *artifact);

/* The test of a title, NULL when there is none. */
const struct artifact_test *artifact_find(const struct artifact *artifact, const char *title);

/* DIR/STEM.SUFFIX, whether it is there or not. The caller frees it. */
char *artifact_path(const struct artifact *artifact, const struct artifact_test *test,
		    enum artifact_file file);

/* Read a test's profile. NULL when it has none, or, after noting a problem, when it is damaged, has other sample types than
 * its kind, or takes more memory than a profile of a test has use for (64 MiB unpacked). The caller frees it. */
struct profile *artifact_profile(struct artifact *artifact, const struct artifact_test *test,
				 enum artifact_file file);

/* The same of a file that is text: its bytes, with a NUL behind. At most 64 MiB. */
char *artifact_text(struct artifact *artifact, const struct artifact_test *test,
		    enum artifact_file file, size_t *size);

/* Note a problem, unless it is noted already. */
void artifact_problem(struct artifact *artifact, const char *file, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A test's manifest as it is, NULL when there is none. The caller gives it back. */
struct json_t *artifact_manifest_json(struct artifact *artifact, const struct artifact_test *test);

/* Private to artifact*.c: tests by title, for qsort() and bsearch(). */
int artifact_compare_tests(const void *a, const void *b);

/* Private to artifact*.c: a test from its manifest. False, after noting a problem, when the bytes are none. */
bool artifact_manifest(struct artifact *artifact, const char *file, const char *bytes, size_t size,
		       struct artifact_test *test);

#endif
