/* SPDX-License-Identifier: MIT */
/* All tests of a program in one run of it. */
#ifndef PPROFMK_TOOL_TOGETHER_H
#define PPROFMK_TOOL_TOGETHER_H

#include <stdbool.h>
#include <stddef.h>

#include "tool/launch/recording.h"
#include "tool/run/kind_run.h"
#include "tool/suite/catalog.h"

/* What one run of a program has told of its tests. */
struct together {
	struct recording recording;
	const struct rec_test **items; /* of each test: NULL where its body did not return */
	size_t count;
	int exit_status;  /* of the program that came to its end */
	bool has_changed; /* the program has other tests than these */
};

/* Run the program of `tests`, all of which are its, and record each of them for cpu. What it prints is shown.
 *
 * Returns false when that does not tell how each of them ended: one failed (which may be by its tear-down, or by a check that
 * cmocka makes behind it), the program did not come to its end, or its tests are others. *together is to be freed either
 * way. */
bool together_run(struct together *together, const struct catalog_test *tests, size_t count,
		  const struct kind_settings *settings);
void together_free(struct together *together);

#endif
