/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_lives.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/xalloc.h"

#define NONE UINT32_MAX

struct trace_handle {
	uint64_t handle; /* 0: free */
	uint32_t life;
};

void trace_lives_add(struct trace_lives *lives, const struct trace_life *life)
{
	lives->items = xgrow(lives->items, lives->count, &lives->cap, sizeof *lives->items);
	lives->items[lives->count] = *life;
	lives->items[lives->count++].next_of_tid = NONE;
}

static const struct trace_lives *sorted;

static int by_start(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	uint64_t a_ns = sorted->items[a].start_ns, b_ns = sorted->items[b].start_ns;

	if (a_ns != b_ns)
		return a_ns < b_ns ? -1 : 1;
	return a < b ? -1 : a > b;
}

static struct trace_tid *tid_slot(struct trace_tid *tids, size_t cap, uint32_t tid)
{
	size_t at = hash_word(HASH_START, tid) & (cap - 1);

	while (tids[at].tid != 0 && tids[at].tid != tid)
		at = (at + 1) & (cap - 1);
	return &tids[at];
}

static void grow_tids(struct trace_lives *lives)
{
	size_t cap = lives->tid_cap != 0 ? 2 * lives->tid_cap : 256;
	struct trace_tid *tids = xcalloc(cap, sizeof *tids);

	for (size_t i = 0; i < lives->tid_cap; i++)
		if (lives->tids[i].tid != 0)
			*tid_slot(tids, cap, lives->tids[i].tid) = lives->tids[i];
	free(lives->tids);
	lives->tids = tids;
	lives->tid_cap = cap;
}

struct trace_tid *trace_lives_tid(struct trace_lives *lives, uint32_t tid)
{
	struct trace_tid *slot;

	if (2 * lives->tid_count >= lives->tid_cap)
		grow_tids(lives);
	slot = tid_slot(lives->tids, lives->tid_cap, tid);
	if (slot->tid == 0) {
		*slot = (struct trace_tid){tid, NONE, NONE};
		lives->tid_count++;
	}
	return slot;
}

/* The lives of each number as a list, by their start. */
void trace_lives_sort(struct trace_lives *lives)
{
	lives->order_count = lives->count;
	lives->order = xcalloc(lives->count + 1, sizeof *lives->order);
	for (uint32_t i = 0; i < lives->count; i++)
		lives->order[i] = i;
	sorted = lives;
	qsort(lives->order, lives->count, sizeof *lives->order, by_start);
	for (size_t i = lives->count; i-- > 0;) {
		uint32_t life = lives->order[i];
		struct trace_tid *slot;

		if (lives->items[life].tid == 0)
			continue;
		slot = trace_lives_tid(lives, lives->items[life].tid);
		lives->items[life].next_of_tid = slot->next;
		slot->next = life;
	}
}

void trace_lives_free(struct trace_lives *lives)
{
	free(lives->items);
	free(lives->order);
	free(lives->tids);
	free(lives->handles);
}

uint32_t trace_lives_extra(struct trace_lives *lives, uint32_t tid, uint64_t start_ns)
{
	trace_lives_add(lives, &(struct trace_life){
				       .tid = tid, .start_ns = start_ns, .end_ns = UINT64_MAX});
	return (uint32_t)lives->count - 1;
}

static struct trace_handle *handle_slot(struct trace_handle *handles, size_t cap, uint64_t handle)
{
	size_t at = hash_word(HASH_START, handle) & (cap - 1);

	while (handles[at].handle != 0 && handles[at].handle != handle)
		at = (at + 1) & (cap - 1);
	return &handles[at];
}

static void grow_handles(struct trace_lives *lives)
{
	size_t cap = lives->handle_cap != 0 ? 2 * lives->handle_cap : 256;
	struct trace_handle *handles = xcalloc(cap, sizeof *handles);

	for (size_t i = 0; i < lives->handle_cap; i++)
		if (lives->handles[i].handle != 0)
			*handle_slot(handles, cap, lives->handles[i].handle) = lives->handles[i];
	free(lives->handles);
	lives->handles = handles;
	lives->handle_cap = cap;
}

void trace_lives_set_handle(struct trace_lives *lives, uint64_t handle, uint32_t life)
{
	struct trace_handle *slot;

	if (handle == 0)
		return;
	if (2 * lives->handle_count >= lives->handle_cap)
		grow_handles(lives);
	slot = handle_slot(lives->handles, lives->handle_cap, handle);
	lives->handle_count += slot->handle == 0;
	*slot = (struct trace_handle){handle, life};
}

uint32_t trace_lives_of_handle(const struct trace_lives *lives, uint64_t handle)
{
	const struct trace_handle *slot;

	if (handle == 0 || lives->handle_cap == 0)
		return NONE;
	slot = handle_slot(lives->handles, lives->handle_cap, handle);
	return slot->handle == handle ? slot->life : NONE;
}
