/* SPDX-License-Identifier: MIT */
#include "format/spool_fold.h"

#include "base/hash.h"

static size_t home_of(const struct spool_fold *fold, uint32_t tid)
{
	return hash_word(HASH_START, tid) & (fold->cap - 1);
}

/* The thread's item, or the free one that it may have. */
static struct spool_switch *find(const struct spool_fold *fold, uint32_t tid)
{
	size_t at = home_of(fold, tid);

	while (fold->items[at].tid != 0 && fold->items[at].tid != tid)
		at = (at + 1) & (fold->cap - 1);
	return &fold->items[at];
}

void spool_fold_move(struct spool_fold *fold, struct spool_switch *items, size_t cap)
{
	const struct spool_fold old = *fold;

	*fold = (struct spool_fold){items, cap, old.count};
	for (size_t i = 0; i < old.cap; i++)
		if (old.items[i].tid != 0)
			*find(fold, old.items[i].tid) = old.items[i];
}

void spool_fold_add(struct spool_fold *fold, const struct spool_switch *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct spool_switch *known;

		if (items[i].tid == 0)
			continue;
		known = find(fold, items[i].tid);
		if (known->tid == 0 && !spool_fold_has_room(fold, 1))
			continue;
		if (known->tid != 0 && known->ns > items[i].ns)
			continue;
		fold->count += known->tid == 0;
		*known = items[i];
	}
}

/* Free an item; those behind it that could not be at home because of it move up. */
static void take_out(struct spool_fold *fold, size_t hole)
{
	const size_t mask = fold->cap - 1;

	fold->count--;
	for (size_t at = (hole + 1) & mask; fold->items[at].tid != 0; at = (at + 1) & mask) {
		size_t home = home_of(fold, fold->items[at].tid);

		/* Its home lies behind the hole: it is where it belongs. */
		if (((at - home) & mask) < ((at - hole) & mask))
			continue;
		fold->items[hole] = fold->items[at];
		hole = at;
	}
	fold->items[hole] = (struct spool_switch){.tid = 0};
}

void spool_fold_end(struct spool_fold *fold)
{
	for (size_t i = 0; i < fold->cap; i++)
		while (fold->items[i].tid != 0 && fold->items[i].kind == SPOOL_SWITCH_END)
			take_out(fold, i);
}
