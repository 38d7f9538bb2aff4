/* SPDX-License-Identifier: MIT */
/* Asking a program for its tests. */
#ifndef PPROFMK_TOOL_CATALOG_ASK_H
#define PPROFMK_TOOL_CATALOG_ASK_H

#include "tool/launch/recording.h"
#include "tool/suite/cache.h"

/* Run a program up to where it would run its tests. The caller frees the recording either way.
 *
 * is_reported  whether it is said on stderr why a program does not come to any tests
 * *skips       it does not because it skips itself, as its suite has it
 *
 * Returns false when it does not. */
bool catalog_ask(struct recording *recording, const struct suite_program *program, bool is_reported,
		 bool *skips);

/* The tests that it has told; the caller frees the array. The names are the recording's. */
struct cache_test *catalog_answer(const struct recording *recording, size_t *count);

#endif
