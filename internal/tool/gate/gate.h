/* SPDX-License-Identifier: MIT */
/* Has something got worse? Figures of two builds, and what is said of each. */
#ifndef PPROFMK_TOOL_GATE_H
#define PPROFMK_TOOL_GATE_H

#include "tool/common/bench_stats.h"
#include "tool/common/bench_stats_rank.h"
#include "tool/gate/budget.h"

/* A figure as it was measured, once or several times. All zero: not at all. */
struct gate_series {
	double *values; /* sorted by gate_judge() */
	size_t count, cap;
};

enum gate_verdict {
	GATE_NOT_COMPARED, /* a side was not measured */
	GATE_EQUAL,
	GATE_NOISE,   /* no evidence of a difference that matters */
	GATE_BETTER,  /* less */
	GATE_ALLOWED, /* worse, but the budget says that it may be */
	GATE_VARIES, /* counts that are not the same from run to run, and overlap: nothing can be said */
	GATE_WORSE,
	GATE_OVER, /* more than the budget allows at most */
};

struct gate_figure {
	struct gate_series old, new;
	enum gate_verdict verdict;
	double old_value, new_value; /* medians */
	bool is_exact;		     /* counted, and never another in any run of its side */
	struct bench_u test;
	struct bench_interval ratio;	/* new by old */
	const struct budget_rule *rule; /* what was allowed, NULL: nothing special */
};

/* A test, or one of a test's benchmarks. */
struct gate_subject {
	char *test; /* its title */
	char *name; /* the benchmark's name, NULL: it is the test itself */
	struct gate_figure figures[GATE_METRIC_COUNT];
};

struct gate {
	double alpha;
	double share; /* of time that is not worse, where no budget says otherwise */
	struct budget budget;
	struct gate_subject *subjects;
	size_t count, cap;
	/* What is said beside the figures: tests that fail now and did not, which is worse; and all else. */
	char **broken, **notes;
	size_t broken_count, broken_cap, note_count, note_cap;
	size_t test_count; /* tests that were looked at */
};

void gate_free(struct gate *gate);

/* The subject of that test and name, added when it is new. Valid until the next one is. */
struct gate_subject *gate_subject(struct gate *gate, const char *test, const char *name);

void gate_add(struct gate_series *series, double value);
void gate_clear(struct gate_series *series);

/* Say what a figure's values mean.
 *
 * Counts that never vary are compared as they are. Those that do, and times and instructions, are worse when Mann and Whitney's test
 * says so with p < alpha and the median has grown by more than is allowed; counts that vary also have to be all above the base's. */
void gate_judge(struct gate *gate, struct gate_subject *subject, enum gate_metric metric);
void gate_judge_all(struct gate *gate);

/* Has a figure changed by a third of what is allowed, so that more runs may show that it is too much? */
bool gate_is_doubtful(const struct gate *gate, const struct gate_figure *figure,
		      enum gate_metric metric);

/* May it, for all that its runs say, have changed by more than is allowed? */
bool gate_is_unsure(const struct gate *gate, const struct gate_figure *figure,
		    enum gate_metric metric);

static inline bool gate_is_worse(enum gate_verdict verdict)
{
	return verdict == GATE_WORSE || verdict == GATE_OVER;
}

/* Figures that got worse, and tests that fail now. */
size_t gate_worse(const struct gate *gate);

/* Keep a sentence for the end: of something that is worth knowing, or of a test that fails now, which is worse. */
void gate_note(struct gate *gate, const char *format, ...) __attribute__((format(printf, 2, 3)));
void gate_break(struct gate *gate, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
