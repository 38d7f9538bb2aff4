/* SPDX-License-Identifier: MIT */
#include "tool/analysis/trace_locations.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { PAGE = 4096 };

static uint64_t mapping_of(struct trace_locations *locations, uint32_t module)
{
	struct profile_mapping mapping = {.path = trace_string(locations->trace, module),
					  .build_id = "",
					  .has_functions = 1,
					  .has_filenames = 1,
					  .has_lines = 1,
					  .has_inlines = 1};

	if (!*mapping.path)
		return 0;
	/* Addresses are as the file has them: it begins at 0. */
	mapping.limit = (locations->limit_of[module] + PAGE) / PAGE * PAGE;
	return profile_add_mapping(locations->profile, &mapping);
}

/* Its module's mapping comes first in the file, and names what the profile is of. */
static void add_program(struct trace_locations *locations)
{
	const struct trace *trace = locations->trace;
	const char *program = trace_info(trace)->program;

	for (uint32_t i = 0; i < trace_frame_count(trace); i++) {
		const struct trace_frame *frame = trace_frame(trace, i);

		if (strcmp(trace_string(trace, frame->module), program) == 0) {
			mapping_of(locations, frame->module);
			return;
		}
	}
}

struct trace_locations *trace_locations_new(const struct trace *trace, struct profile *profile)
{
	struct trace_locations *locations = xcalloc(1, sizeof *locations);
	size_t strings = trace_string_count(trace);

	locations->trace = trace;
	locations->profile = profile;
	locations->limit_of = xcalloc(strings + 1, sizeof *locations->limit_of);
	for (uint32_t i = 0; i < trace_frame_count(trace); i++) {
		const struct trace_frame *frame = trace_frame(trace, i);

		if (frame->module < strings && frame->address > locations->limit_of[frame->module])
			locations->limit_of[frame->module] = frame->address;
	}
	add_program(locations);
	return locations;
}

void trace_locations_free(struct trace_locations *locations)
{
	free(locations->limit_of);
	free(locations->ids);
	free(locations->lines);
	free(locations);
}

static uint64_t function_of(struct trace_locations *locations, const char *name, const char *file)
{
	struct profile_function function = {
		.name = *name ? name : "?", .system_name = *name ? name : "?", .file = file};

	return profile_add_function(locations->profile, &function);
}

/* A line for a frame; they are kept until the one that is no inlined call. */
static void add_line(struct trace_locations *locations, size_t len, const struct trace_frame *frame)
{
	const struct trace *trace = locations->trace;

	locations->lines =
		xgrow(locations->lines, len, &locations->line_cap, sizeof *locations->lines);
	locations->lines[len] = (struct profile_line){
		.function = function_of(locations, trace_string(trace, frame->function),
					trace_string(trace, frame->file)),
		.line = frame->line};
}

static void add_id(struct trace_locations *locations, size_t *count,
		   const struct profile_location *location)
{
	locations->ids = xgrow(locations->ids, *count, &locations->id_cap, sizeof *locations->ids);
	locations->ids[(*count)++] = profile_add_location(locations->profile, location);
}

uint64_t *trace_locations_of(struct trace_locations *locations, struct trace_part part,
			     uint32_t function, size_t *count)
{
	const struct trace *trace = locations->trace;
	size_t frame_count, len = 0;
	const uint32_t *frames = trace_part_frames(trace, part, &frame_count);

	*count = 0;
	for (size_t i = 0; i < frame_count; i++) {
		const struct trace_frame *frame = trace_frame(trace, frames[i]);

		if (!frame)
			continue;
		add_line(locations, len++, frame);
		if (frame->is_inlined && i + 1 < frame_count)
			continue;
		add_id(locations, count,
		       &(struct profile_location){.mapping = mapping_of(locations, frame->module),
						  .address = frame->address,
						  .line_count = len,
						  .lines = locations->lines});
		len = 0;
	}
	if (*count == 0) {
		struct profile_line line = {
			function_of(locations, trace_string(trace, function), ""), 0};

		add_id(locations, count,
		       &(struct profile_location){.line_count = 1, .lines = &line});
	}
	return locations->ids;
}
