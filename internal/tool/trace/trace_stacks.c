/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_stacks.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "tool/profile/stack_places.h"

enum { MAX_INLINED = 32 };

/* The frames of an address are in a row. */
struct place {
	uint32_t first, count; /* of trace_stacks.frames */
};

struct trace_stacks {
	struct sym *sym;
	struct trace_writer *writer;
	struct stack_places *places;
	struct place *named;
	size_t named_count, named_cap;
	uint32_t *frames; /* numbers of the writer's */
	size_t frame_count, frame_cap;
	uint32_t *by_node; /* the writer's stack + 1, 0: not asked for yet */
	uint32_t node_count;
	uint32_t *stack;
	size_t stack_cap;
};

static void add_frame(struct trace_stacks *stacks, const struct stack_mapping *mapping, uint64_t ip,
		      const struct sym_frame *frame, bool is_inlined)
{
	struct trace_frame made = {
		.address = mapping != NULL ? stack_offset(mapping, ip) : ip,
		.function = trace_writer_string(stacks->writer, frame->function),
		.file = trace_writer_string(stacks->writer, frame->file),
		.module = trace_writer_string(stacks->writer, mapping != NULL ? mapping->path : ""),
		.line = (uint32_t)frame->line,
		.is_inlined = is_inlined};

	stacks->frames = xgrow(stacks->frames, stacks->frame_count, &stacks->frame_cap,
			       sizeof *stacks->frames);
	stacks->frames[stacks->frame_count++] = trace_writer_frame(stacks->writer, &made);
}

static size_t look_up(const struct trace_stacks *stacks, const struct stack_mapping *mapping,
		      uint64_t ip, struct sym_frame *frames)
{
	return mapping == NULL ? 0
			       : sym_lookup(stacks->sym, mapping->module, stack_offset(mapping, ip),
					    frames, MAX_INLINED);
}

static uint64_t place_name(void *context, const struct stack_mapping *mapping, uint64_t ip)
{
	struct trace_stacks *stacks = context;
	struct sym_frame frames[MAX_INLINED];
	size_t count = look_up(stacks, mapping, ip, frames);
	struct place place = {(uint32_t)stacks->frame_count, 0};
	char *unnamed = NULL;

	/* Of ours only the wrapper's name means something to the user: the outermost, without our source. */
	if (mapping != NULL && mapping->is_runtime && count > 0) {
		frames[0] = (struct sym_frame){.function = frames[count - 1].linkage, .file = ""};
		count = 1;
	}
	if (count == 0) {
		unnamed = stack_unnamed(mapping, ip);
		frames[0] = (struct sym_frame){.function = unnamed, .file = ""};
		count = 1;
	}
	for (size_t i = 0; i < count; i++)
		add_frame(stacks, mapping, ip, &frames[i], i + 1 < count);
	free(unnamed);
	place.count = (uint32_t)count;
	stacks->named = xgrow(stacks->named, stacks->named_count, &stacks->named_cap, sizeof place);
	stacks->named[stacks->named_count] = place;
	return stacks->named_count++;
}

struct trace_stacks *trace_stacks_new(const struct recording *recording, struct sym *sym,
				      struct trace_writer *writer)
{
	struct trace_stacks *stacks = xcalloc(1, sizeof *stacks);
	struct stack_namer namer = {stacks, NULL, place_name};

	stacks->sym = sym;
	stacks->writer = writer;
	stacks->places = stack_places_new(recording, sym, STACK_LEAF_WRAPPER, &namer);
	stacks->node_count = recording_len(recording, REC_NODES);
	stacks->by_node = xcalloc(stacks->node_count + 1, sizeof *stacks->by_node);
	return stacks;
}

void trace_stacks_free(struct trace_stacks *stacks)
{
	stack_places_free(stacks->places);
	free(stacks->named);
	free(stacks->frames);
	free(stacks->by_node);
	free(stacks->stack);
	free(stacks);
}

/* The frames of a walk's places, one after the other. */
static size_t expand(struct trace_stacks *stacks, const uint64_t *names, size_t count)
{
	size_t len = 0;

	for (size_t i = 0; i < count; i++) {
		const struct place *place = &stacks->named[names[i]];

		for (uint32_t j = 0; j < place->count; j++) {
			stacks->stack = xgrow(stacks->stack, len, &stacks->stack_cap,
					      sizeof *stacks->stack);
			stacks->stack[len++] = stacks->frames[place->first + j];
		}
	}
	return len;
}

uint32_t trace_stack_of(struct trace_stacks *stacks, uint32_t node)
{
	const uint64_t *names;
	size_t count;

	if (node == 0 || node >= stacks->node_count)
		return 0;
	if (stacks->by_node[node] != 0)
		return stacks->by_node[node] - 1;
	names = stack_places_walk(stacks->places, node, &count);
	count = expand(stacks, names, count);
	stacks->by_node[node] =
		(count == 0 ? 0 : trace_writer_stack(stacks->writer, stacks->stack, count)) + 1;
	return stacks->by_node[node] - 1;
}

uint32_t trace_function_of(struct trace_stacks *stacks, uint64_t address)
{
	const struct stack_mapping *mapping = stack_places_mapping(stacks->places, address);
	struct sym_frame frames[MAX_INLINED];
	size_t count;
	uint32_t string;
	char *unnamed;

	if (address == 0)
		return 0;
	count = look_up(stacks, mapping, address, frames);
	if (count > 0)
		return trace_writer_string(stacks->writer, frames[count - 1].function);
	unnamed = stack_unnamed(mapping, address);
	string = trace_writer_string(stacks->writer, unnamed);
	free(unnamed);
	return string;
}
