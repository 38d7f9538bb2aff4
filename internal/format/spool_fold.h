/* SPDX-License-Identifier: MIT */
/* The scheduler's record of a stretch of time, folded: of each thread the last switch, which is what it was doing at the end of
 * it. Of what a flight recorder drops this is kept. */
#ifndef PPROFMK_FORMAT_SPOOL_FOLD_H
#define PPROFMK_FORMAT_SPOOL_FOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "format/trace_spool.h"

/* Open addressing by tid; tid 0: free. The memory is the caller's, zeroed. */
struct spool_fold {
	struct spool_switch *items;
	size_t cap; /* a power of two */
	size_t count;
};

/* May so many threads be added? Otherwise spool_fold_move() first. */
static inline bool spool_fold_has_room(const struct spool_fold *fold, size_t count)
{
	return 2 * (fold->count + count) <= fold->cap;
}

/* Move to a larger table, zeroed. The old one is the caller's to free. */
void spool_fold_move(struct spool_fold *fold, struct spool_switch *items, size_t cap);

/* Fold switches in. Those of several CPUs need not come in the order of time. What there is no room for is passed over. */
void spool_fold_add(struct spool_fold *fold, const struct spool_switch *items, size_t count);

/* All up to some time have been added: forget the threads that have ended. */
void spool_fold_end(struct spool_fold *fold);

#endif
