/* SPDX-License-Identifier: MIT */
/* How many iterations a benchmark's loop runs: arithmetic only.
 *
 * Iterations come in batches. Those of the warm-up grow until one takes long enough to say how long an iteration is; the
 * measured ones then share the time that is to be filled, or the iterations that were asked for. */
#ifndef PPROFMK_RUNTIME_BENCH_PLAN_H
#define PPROFMK_RUNTIME_BENCH_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "format/recording.h"

struct bench_plan {
	uint64_t goal_ns, exact; /* as in struct rec_bench_config */
	uint64_t batches;	 /* measured ones, about */
	bool warms_up;		 /* the batch that runs is no measured one */
	uint64_t warm_limit_ns;	 /* as in struct rec_bench_config */
	bool was_measured;	 /* the one that ended last was */
	uint64_t asked;		 /* iterations of the batch that runs */
	uint64_t count, wall_ns; /* measured so far */
	uint64_t warm_count, warm_ns;
	uint64_t total_ns;   /* since the loop began, as of the batch that ended last */
	uint64_t elapsed_ns; /* that batch, whatever the timer did */
};

/* Begin a loop. Returns the iterations of its first batch, at least 1. */
uint64_t bench_plan_begin(struct bench_plan *plan, const struct rec_bench_config *config,
			  uint64_t batches);

/* A batch has ended.
 *
 * batch_ns  time that its iterations took, the timer running
 * total_ns  since the loop began, whatever the timer did
 *
 * Returns the iterations of the next one, 0: it is enough. */
uint64_t bench_plan_next(struct bench_plan *plan, uint64_t batch_ns, uint64_t total_ns);

#endif
