/* SPDX-License-Identifier: MIT */
#include "format/trace_names.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/xalloc.h"

/* In the sets a thing has its number plus 1: 0 is none there. */

struct piece {
	const void *start;
	size_t size;
};

static uint32_t begin_of(const uint32_t *ends, uint32_t number)
{
	return number == 0 ? 0 : ends[number - 1];
}

static bool same_string(const void *things, uint32_t number, const void *wanted)
{
	const struct trace_names *names = things;
	const struct piece *piece = wanted;
	uint32_t begin = begin_of(names->string_ends, number - 1);

	return names->string_ends[number - 1] - begin == piece->size &&
	       memcmp(names->bytes + begin, piece->start, piece->size) == 0;
}

static bool same_stack(const void *things, uint32_t number, const void *wanted)
{
	const struct trace_names *names = things;
	const struct piece *piece = wanted;
	uint32_t begin = begin_of(names->stack_ends, number - 1);

	return (names->stack_ends[number - 1] - begin) * sizeof(uint32_t) == piece->size &&
	       (piece->size == 0 ||
		memcmp(names->frame_lists + begin, piece->start, piece->size) == 0);
}

static bool same_frame(const void *things, uint32_t number, const void *wanted)
{
	const struct trace_frame *a = &((const struct trace_names *)things)->frames[number - 1];
	const struct trace_frame *b = wanted;

	return a->address == b->address && a->function == b->function && a->file == b->file &&
	       a->module == b->module && a->line == b->line && a->is_inlined == b->is_inlined;
}

/* Room for `count` more items. */
static void *reserve(void *items, size_t len, size_t count, size_t *cap, size_t item_size)
{
	if (*cap - len >= count)
		return items;
	*cap = (len + count) * 2;
	return xrealloc(items, *cap, item_size);
}

/* Note where the newest thing of a list ends. */
static uint32_t add_end(uint32_t **ends, size_t *len, size_t *cap, size_t end)
{
	*ends = xgrow(*ends, *len, cap, sizeof **ends);
	(*ends)[*len] = (uint32_t)end;
	return (uint32_t)(*len)++;
}

uint32_t trace_names_string(struct trace_names *names, const char *text)
{
	struct piece piece = {text, strlen(text) + 1};
	uint32_t next = (uint32_t)names->string_len + 1;
	uint32_t found;

	if (names->bytes_len + piece.size > UINT32_MAX || next == UINT32_MAX)
		next = 0;
	found = set_find(&names->strings, hash_bytes(HASH_START, text, piece.size), same_string,
			 names, &piece, next);
	if (found == 0 || found != next)
		return found == 0 ? 0 : found - 1;
	names->bytes = reserve(names->bytes, names->bytes_len, piece.size, &names->bytes_cap, 1);
	memcpy(names->bytes + names->bytes_len, text, piece.size);
	names->bytes_len += piece.size;
	return add_end(&names->string_ends, &names->string_len, &names->string_cap,
		       names->bytes_len);
}

uint32_t trace_names_stack(struct trace_names *names, const uint32_t *frames, size_t count)
{
	struct piece piece = {frames, count * sizeof *frames};
	uint32_t next = (uint32_t)names->stack_len + 1;
	uint32_t found;

	if (names->list_len + count > UINT32_MAX || next == UINT32_MAX)
		next = 0;
	found = set_find(&names->stacks, hash_bytes(HASH_START, frames, piece.size), same_stack,
			 names, &piece, next);
	if (found == 0 || found != next)
		return found == 0 ? 0 : found - 1;
	names->frame_lists = reserve(names->frame_lists, names->list_len, count, &names->list_cap,
				     sizeof *frames);
	if (count > 0)
		memcpy(names->frame_lists + names->list_len, frames, piece.size);
	names->list_len += count;
	return add_end(&names->stack_ends, &names->stack_len, &names->stack_cap, names->list_len);
}

uint32_t trace_names_frame(struct trace_names *names, const struct trace_frame *frame)
{
	uint64_t hash = hash_word(hash_word(HASH_START, frame->address),
				  (uint64_t)frame->function << 32 | frame->line);
	uint32_t next = (uint32_t)names->frame_len + 1;
	uint32_t found;

	hash = hash_word(hash, (uint64_t)frame->file << 32 | frame->module);
	if (next == UINT32_MAX)
		next = 0;
	found = set_find(&names->frame_set, hash, same_frame, names, frame, next);
	if (found == 0 || found != next)
		return found == 0 ? 0 : found - 1;
	names->frames =
		xgrow(names->frames, names->frame_len, &names->frame_cap, sizeof *names->frames);
	names->frames[names->frame_len++] = *frame;
	return found - 1;
}

void trace_names_init(struct trace_names *names)
{
	memset(names, 0, sizeof *names);
	trace_names_string(names, "");
	trace_names_stack(names, NULL, 0);
}

void trace_names_free(struct trace_names *names)
{
	free(names->bytes);
	free(names->string_ends);
	free(names->frame_lists);
	free(names->stack_ends);
	free(names->frames);
	set_free(&names->strings);
	set_free(&names->stacks);
	set_free(&names->frame_set);
	memset(names, 0, sizeof *names);
}
