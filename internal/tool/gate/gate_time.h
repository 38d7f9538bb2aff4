/* SPDX-License-Identifier: MIT */
/* Times and instructions of two builds, for a gate. */
#ifndef PPROFMK_TOOL_GATE_TIME_H
#define PPROFMK_TOOL_GATE_TIME_H

#include "tool/gate/gate_run.h"

/* Measure a test by turns: few of them first, and all only where those leave a doubt; and all again where something is worse then. A
 * test that can't be timed is noted. */
void gate_time_test(struct gate_run *run, const struct catalog_test *old,
		    const struct catalog_test *new);

/* Measure a test that the budget has a limit for, and nothing else to be compared with. */
void gate_time_alone(struct gate_run *run, const struct catalog_test *test);

#endif
