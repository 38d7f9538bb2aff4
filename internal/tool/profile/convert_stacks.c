/* SPDX-License-Identifier: MIT */
#include "tool/profile/convert_stacks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { MAX_INLINED = 32 };

struct convert_stacks {
	struct sym *sym;
	struct profile *profile;
	struct stack_places *places;
};

/* Whoever sees addresses has to know why, and whose they are. */
static void note_missing(struct convert_stacks *stacks, const struct stack_mapping *mapping,
			 const char *build_id)
{
	char *text;

	if (sym_has_file(stacks->sym, mapping->module) || mapping->path[0] != '/')
		return;
	text = xasprintf("pprof.mk: no names of %s%s%s: it was deleted or replaced since the "
			 "program was started",
			 mapping->path, *build_id != '\0' ? ", build id " : "", build_id);
	profile_add_comment(stacks->profile, text);
	free(text);
}

static void mapping_prepare(void *context, struct stack_mapping *mapping)
{
	struct convert_stacks *stacks = context;
	const struct rec_mapping *item = &mapping->item;
	enum sym_level level = sym_level(stacks->sym, mapping->module);
	char build_id[2 * sizeof item->build_id + 1] = "";

	for (size_t i = 0; i < mapping->build_id_len; i++)
		snprintf(build_id + 2 * i, 3, "%02x", item->build_id[i]);
	note_missing(stacks, mapping, build_id);
	/* has_functions on all: pprof would otherwise start its own, slow naming of the whole profile. */
	mapping->id = profile_add_mapping(
		stacks->profile, &(struct profile_mapping){.start = item->start,
							   .limit = item->limit,
							   .offset = item->offset,
							   .path = mapping->path,
							   .build_id = build_id,
							   .has_functions = 1,
							   .has_filenames = level >= SYM_LINES,
							   .has_lines = level >= SYM_LINES,
							   .has_inlines = level >= SYM_INLINES});
}

static size_t lines_of(struct convert_stacks *stacks, const struct stack_mapping *mapping,
		       uint64_t ip, struct profile_line *lines)
{
	struct sym_frame frames[MAX_INLINED];
	size_t count = sym_lookup(stacks->sym, mapping->module, stack_offset(mapping, ip), frames,
				  MAX_INLINED);

	for (size_t i = 0; i < count; i++) {
		struct profile_function function = {frames[i].function, frames[i].linkage,
						    frames[i].file, frames[i].start_line};

		lines[i].function = profile_add_function(stacks->profile, &function);
		lines[i].line = frames[i].line;
	}
	return count;
}

static size_t line_of_unnamed(struct convert_stacks *stacks, const struct stack_mapping *mapping,
			      uint64_t ip, struct profile_line *line)
{
	char *name = stack_unnamed(mapping, ip);
	struct profile_function function = {name, name, "", 0};

	line->function = profile_add_function(stacks->profile, &function);
	line->line = 0;
	free(name);
	return 1;
}

static size_t wrapper_line(struct convert_stacks *stacks, const struct profile_line *outermost,
			   struct profile_line *line)
{
	const char *name = stacks->profile->functions[outermost->function - 1].system_name;
	struct profile_function function = {name, name, "", 0};

	*line = (struct profile_line){profile_add_function(stacks->profile, &function), 0};
	return 1;
}

static uint64_t place_name(void *context, const struct stack_mapping *mapping, uint64_t ip)
{
	struct convert_stacks *stacks = context;
	struct profile_line lines[MAX_INLINED];
	struct profile_location location = {.address = ip, .lines = lines};

	if (mapping != NULL) {
		location.mapping = mapping->id;
		location.line_count = lines_of(stacks, mapping, ip, lines);
	}
	/* Of ours only the wrapper's name means something to the user: the outermost, without our source. */
	if (mapping != NULL && mapping->is_runtime && location.line_count > 0)
		location.line_count = wrapper_line(stacks, &lines[location.line_count - 1], lines);
	if (location.line_count == 0)
		location.line_count = line_of_unnamed(stacks, mapping, ip, lines);
	return profile_add_location(stacks->profile, &location);
}

struct convert_stacks *convert_stacks_new(const struct recording *recording, struct sym *sym,
					  struct profile *profile, enum stack_leaf leaf)
{
	struct convert_stacks *stacks = xcalloc(1, sizeof *stacks);
	struct stack_namer namer = {stacks, mapping_prepare, place_name};

	stacks->sym = sym;
	stacks->profile = profile;
	stacks->places = stack_places_new(recording, sym, leaf, &namer);
	return stacks;
}

void convert_stacks_free(struct convert_stacks *stacks)
{
	stack_places_free(stacks->places);
	free(stacks);
}

uint64_t *convert_stack(struct convert_stacks *stacks, uint32_t node, size_t *count)
{
	return stack_places_walk(stacks->places, node, count);
}
