/* SPDX-License-Identifier: MIT */
/* Names, frames and stacks of a Perfetto file; declared in perfetto.h. */
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "tool/perfetto/perfetto.h"

/* A new item of a list, which the next packet writes. */
#define ADD(perfetto, list, type, init)                                                           \
	add_item(perfetto, (void ***)&(perfetto)->pending.list.items,                             \
		 &(perfetto)->pending.list.len, &(perfetto)->pending.list.cap, &(const type)init, \
		 sizeof(type))

static void *add_item(struct perfetto *perfetto, void ***items, size_t *len, size_t *cap,
		      const void *init, size_t size)
{
	void *item = arena_copy(&perfetto->pending.arena, init, 1, size);

	*items = xgrow(*items, *len, cap, sizeof **items);
	(*items)[(*len)++] = item;
	perfetto->pending.is_any = true;
	return item;
}

char *perfetto_text(const char *text)
{
	char *copy = xmalloc(strlen(text) * 3 + 1);

	utf8_repair(text, copy);
	return copy;
}

static void set_text(struct perfetto *perfetto, Perfetto__Interned *item, uint64_t iid,
		     const char *text)
{
	char *copy = arena_get(&perfetto->pending.arena, strlen(text) * 3 + 1, 1);

	utf8_repair(text, copy);
	item->has_iid = item->has_str = 1;
	item->iid = iid;
	item->str.data = (uint8_t *)copy;
	item->str.len = strlen(copy);
}

static bool is_same(const void *things, uint32_t number, const void *wanted)
{
	const struct perfetto_texts *texts = things;

	return strcmp(texts->texts[number - 1], wanted) == 0;
}

/* A text's number; *is_new: it had none. */
static uint64_t number_of(struct perfetto_texts *texts, const char *text, bool *is_new)
{
	uint32_t number = set_find(&texts->set, hash_bytes(HASH_START, text, strlen(text)), is_same,
				   texts, text, (uint32_t)texts->len + 1);

	*is_new = number > texts->len;
	if (*is_new) {
		texts->texts = xgrow(texts->texts, texts->len, &texts->cap, sizeof *texts->texts);
		texts->texts[texts->len++] = xstrdup(text);
	}
	return number;
}

#define NAMED(function, list)                                                                      \
	uint64_t function(struct perfetto *perfetto, const char *text)                             \
	{                                                                                          \
		bool is_new;                                                                       \
		uint64_t iid = number_of(&perfetto->list, text, &is_new);                          \
                                                                                                   \
		if (is_new)                                                                        \
			set_text(                                                                  \
				perfetto,                                                          \
				ADD(perfetto, list, Perfetto__Interned, PERFETTO__INTERNED__INIT), \
				iid, text);                                                        \
		return iid;                                                                        \
	}

NAMED(perfetto_category, categories)
NAMED(perfetto_event_name, event_names)
NAMED(perfetto_annotation_name, annotation_names)

/* Strings of the trace have their own number + 1. */
static uint64_t function_name(struct perfetto *perfetto, uint32_t string)
{
	const char *text = trace_string(perfetto->trace, string);

	if (!perfetto->has_function[string])
		set_text(
			perfetto,
			ADD(perfetto, function_names, Perfetto__Interned, PERFETTO__INTERNED__INIT),
			string + UINT64_C(1), *text ? text : "?");
	perfetto->has_function[string] = true;
	return string + UINT64_C(1);
}

static uint64_t source_path(struct perfetto *perfetto, uint32_t string)
{
	if (!perfetto->has_source[string])
		set_text(perfetto,
			 ADD(perfetto, source_paths, Perfetto__Interned, PERFETTO__INTERNED__INIT),
			 string + UINT64_C(1), trace_string(perfetto->trace, string));
	perfetto->has_source[string] = true;
	return string + UINT64_C(1);
}

static uint64_t mapping(struct perfetto *perfetto, uint32_t string)
{
	Perfetto__Mapping *item;

	if (perfetto->has_module[string])
		return string + UINT64_C(1);
	perfetto->has_module[string] = true;
	set_text(perfetto,
		 ADD(perfetto, mapping_paths, Perfetto__Interned, PERFETTO__INTERNED__INIT),
		 string + UINT64_C(1), trace_string(perfetto->trace, string));
	item = ADD(perfetto, mappings, Perfetto__Mapping, PERFETTO__MAPPING__INIT);
	item->has_iid = 1;
	item->iid = string + UINT64_C(1);
	item->n_path_string_ids = 1;
	item->path_string_ids =
		arena_copy(&perfetto->pending.arena, &item->iid, 1, sizeof item->iid);
	return item->iid;
}

static uint64_t frame_of(struct perfetto *perfetto, uint32_t number)
{
	const struct trace_frame *frame = trace_frame(perfetto->trace, number);
	size_t strings = trace_string_count(perfetto->trace);
	Perfetto__Frame *item;

	if (perfetto->has_frame[number])
		return number + UINT64_C(1);
	perfetto->has_frame[number] = true;
	item = ADD(perfetto, frames, Perfetto__Frame, PERFETTO__FRAME__INIT);
	item->has_iid = item->has_function_name_id = 1;
	item->iid = number + UINT64_C(1);
	item->function_name_id =
		function_name(perfetto, frame->function < strings ? frame->function : 0);
	if (frame->file && frame->file < strings) {
		item->has_source_path_iid = 1;
		item->source_path_iid = source_path(perfetto, frame->file);
		item->has_line_number = frame->line > 0;
		item->line_number = frame->line;
	}
	if (frame->module && frame->module < strings) {
		item->has_mapping_id = item->has_rel_pc = 1;
		item->mapping_id = mapping(perfetto, frame->module);
		item->rel_pc = frame->address;
	}
	return item->iid;
}

uint64_t perfetto_stack(struct perfetto *perfetto, uint32_t stack)
{
	size_t count;
	const uint32_t *frames = trace_stack(perfetto->trace, stack, &count);
	Perfetto__Callstack *item;

	if (!stack || count == 0)
		return 0;
	if (perfetto->has_stack[stack])
		return stack;
	perfetto->has_stack[stack] = true;
	item = ADD(perfetto, stacks, Perfetto__Callstack, PERFETTO__CALLSTACK__INIT);
	item->has_iid = 1;
	item->iid = stack;
	item->frame_ids = arena_get(&perfetto->pending.arena, count, sizeof *item->frame_ids);
	/* Outermost first, the other way round than ours. */
	for (size_t i = count; i > 0; i--) {
		if (trace_frame(perfetto->trace, frames[i - 1]))
			item->frame_ids[item->n_frame_ids++] = frame_of(perfetto, frames[i - 1]);
	}
	return stack;
}
