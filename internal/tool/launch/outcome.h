/* SPDX-License-Identifier: MIT */
/* How one process with a test in it ended, in words and for the exit status. */
#ifndef PPROFMK_TOOL_OUTCOME_H
#define PPROFMK_TOOL_OUTCOME_H

#include <stdbool.h>

#include "tool/launch/launch.h"
#include "tool/launch/recording.h"

/* enumerator, word in the manifest, does the run count as good? */
#define OUTCOMES(X)                             \
	X(PASSED, "passed", true)               \
	X(SKIPPED, "skipped", true)             \
	X(EXPECTED, "failed as expected", true) \
	X(FAILED, "failed", false)              \
	X(CRASHED, "crashed", false)            \
	X(EXITED, "exited", false)              \
	X(TIME_LIMIT, "time limit", false)      \
	X(MEMORY_LIMIT, "memory limit", false)  \
	X(INTERRUPTED, "interrupted", false)    \
	X(NOT_RUN, "not run", false)

enum outcome_kind {
#define X(name, word, is_good) OUTCOME_##name,
	OUTCOMES(X)
#undef X
};

struct outcome {
	enum outcome_kind kind;
	char text[160]; /* "killed by signal 11 (Segmentation fault) in the test's body, run 3" */
};

/* How a program ended, and where in the test that was, as far as its recording knows. */
struct outcome outcome_of(const struct launch_result *result, const struct recording *recording);

/* As manifests have it ("time limit"), and whether the test has passed then. */
const char *outcome_word(enum outcome_kind kind);
bool outcome_is_good(enum outcome_kind kind);

/* The inverse of outcome_word(). False, *kind untouched: there is no such word. */
bool outcome_find(const char *word, enum outcome_kind *kind);

#endif
