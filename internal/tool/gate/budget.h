/* SPDX-License-Identifier: MIT */
/* A budget: what figures of tests may be, where that is not what they were. */
#ifndef PPROFMK_TOOL_BUDGET_H
#define PPROFMK_TOOL_BUDGET_H

#include <stdbool.h>
#include <stddef.h>

/* What a gate looks at: enumerator, name, unit as in human.h, how much more than the base is not worse where no budget says
 * otherwise, is that a share of the base? */
#define GATE_METRICS(X)                                      \
	X(ALLOCS, "allocs", "count", 0, false)               \
	X(BYTES, "bytes", "bytes", 0, false)                 \
	X(PEAK, "peak", "bytes", 0, false)                   \
	X(LEAKED, "leaked", "bytes", 0, false)               \
	X(LEAKED_BLOCKS, "leaked_blocks", "count", 0, false) \
	X(INSTRUCTIONS, "instructions", "count", 0.01, true) \
	X(TIME, "time", "nanoseconds", 0.05, true)

enum gate_metric {
#define X(name, word, unit, more, is_share) GATE_##name,
	GATE_METRICS(X)
#undef X
		GATE_METRIC_COUNT
};

struct gate_metric_info {
	const char *name, *unit;
	double more;
	bool is_share;
};

extern const struct gate_metric_info gate_metrics[GATE_METRIC_COUNT];

enum budget_kind {
	BUDGET_MORE,  /* `limit` more than the base */
	BUDGET_SHARE, /* `limit` times the base more than it */
	BUDGET_MOST,  /* `limit`, whatever the base has */
	BUDGET_ANY,   /* not judged */
};

/* A line of the file:
 *
 *     # TEST        METRIC   LIMIT     REASON
 *     test_send     allocs   <=120
 *     test_send     peak     <=64kB
 *     bench_put     bytes    +64       a header of 64 bytes since format 2
 *     bench_*       time     +8%       our runners share their caches
 *     test_pool     *        any       which thread finds a block in the pool varies
 *
 * TEST is a name, or a glob; "a name" with blanks in quotes. A line behind another one, for the same, is the one that holds. A reason
 * is what stands behind the limit; all but `<=` need one. */
struct budget_rule {
	char *test;
	unsigned metrics; /* set of 1 << enum gate_metric */
	enum budget_kind kind;
	double limit;
	char *reason; /* "" for none */
	size_t line;  /* from 1 */
	bool is_used; /* it has matched something */
};

/* All zero: an empty one. */
struct budget {
	char *path; /* NULL: none was read */
	struct budget_rule *rules;
	size_t count, cap;
};

/* Read a file. False after a message for each line that is wrong ("pprof.budget:7: ..."), or that it can't be read. To be freed
 * either way. */
bool budget_read(struct budget *budget, const char *path);

/* The same from text; for messages it is called `path`. */
bool budget_parse(struct budget *budget, const char *path, const char *text);
void budget_free(struct budget *budget);

/* The last rule for a test and metric, which is marked as used; NULL when there is none.
 *
 * test  its title
 * name  what else it may be called: its benchmark's name. NULL: nothing. */
const struct budget_rule *budget_find(struct budget *budget, const char *test, const char *name,
				      enum gate_metric metric);

/* Does it say how long a test may take at most, or how many instructions? Then these are measured where there is nothing to compare
 * with, too. A line that names a benchmark may be of any test. */
bool budget_limits_time(const struct budget *budget, const char *test);

#endif
