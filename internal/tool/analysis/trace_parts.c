/* SPDX-License-Identifier: MIT */
#include "tool/analysis/trace_parts.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/xalloc.h"

static bool is_same(const void *things, uint32_t number, const void *wanted)
{
	const struct trace_part_sums *sums = things;
	const struct trace_part_sum *a = &sums->sums[number - 1], *b = wanted;

	return a->part.stack == b->part.stack && a->part.skip == b->part.skip &&
	       a->name == b->name && a->function == b->function;
}

void trace_parts_add(struct trace_part_sums *sums, const struct trace_thread *thread,
		     struct trace_part part, uint64_t count, uint64_t ns)
{
	struct trace_part_sum wanted = {part, thread->name, thread->function, 0, 0};
	uint64_t hash = hash_word(hash_word(HASH_START, (uint64_t)part.stack << 32 | part.skip),
				  (uint64_t)wanted.name << 32 | wanted.function);
	uint32_t number =
		set_find(&sums->set, hash, is_same, sums, &wanted, (uint32_t)sums->len + 1);

	if (number > sums->len) {
		sums->sums = xgrow(sums->sums, sums->len, &sums->cap, sizeof *sums->sums);
		sums->sums[sums->len++] = wanted;
	}
	sums->sums[number - 1].count += count;
	sums->sums[number - 1].ns += ns;
}

void trace_parts_free(struct trace_part_sums *sums)
{
	set_free(&sums->set);
	free(sums->sums);
	*sums = (struct trace_part_sums){0};
}
