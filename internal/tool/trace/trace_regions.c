/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_regions.h"

#include <stdlib.h>

#include "base/xalloc.h"

static uint32_t name_of(struct trace_making *making, const struct trace_raw_event *event)
{
	uint64_t text = event->arguments[0];

	return text > UINT32_MAX ? 0
				 : trace_writer_string(making->writer,
						       recording_string(making->raw->recording,
									(uint32_t)text));
}

static void push(struct trace_live *live, const struct trace_open_region *region)
{
	live->regions =
		xgrow(live->regions, live->region_count, &live->region_cap, sizeof *live->regions);
	live->regions[live->region_count++] = *region;
}

/* The place of a region of that name, plus 1; 0: none is open. */
static size_t find(const struct trace_live *live, uint32_t name)
{
	size_t at = live->region_count;

	while (at > 0 && live->regions[at - 1].name != name)
		at--;
	return at;
}

/* What is known at the trace's beginning is which ends have no beginning behind it: the last of them is of the outermost. */
void trace_regions_open(struct trace_making *making, struct trace_live *live)
{
	struct trace_live ahead = {.reader = live->reader};
	struct trace_live unbegun = {.region_count = 0};

	while (trace_raw_next(&ahead.reader, &making->clock, &ahead.next)) {
		struct trace_open_region region = {.name = 0};
		size_t at;

		if (ahead.next.type != TRACE_REGION_BEGIN && ahead.next.type != TRACE_REGION_END)
			continue;
		region.name = name_of(making, &ahead.next);
		at = find(&ahead, region.name);
		if (ahead.next.type == TRACE_REGION_BEGIN)
			push(&ahead, &region);
		else if (at > 0)
			ahead.region_count = at - 1;
		else if (ahead.next.end_ns >= making->raw->cut.begin_ns)
			push(&unbegun, &region);
	}
	while (unbegun.region_count > 0)
		push(live, &unbegun.regions[--unbegun.region_count]);
	free(ahead.regions);
	free(unbegun.regions);
}

void trace_regions_begin(struct trace_making *making, struct trace_live *live)
{
	push(live, &(struct trace_open_region){.start_ns = live->next.start_ns,
					       .task = live->next.arguments[1],
					       .name = name_of(making, &live->next)});
}

/* End the innermost one. */
static void end_last(struct trace_making *making, struct trace_live *live, uint64_t ns)
{
	const struct trace_open_region *region = &live->regions[--live->region_count];
	struct trace_event event = {.start_ns = region->start_ns,
				    .end_ns = ns,
				    .type = TRACE_REGION,
				    .waker = TRACE_NO_THREAD,
				    .arguments = {region->name, region->task, live->region_count}};

	trace_writer_event(making->writer, live->thread, &event);
}

void trace_regions_end(struct trace_making *making, struct trace_live *live)
{
	size_t at = find(live, name_of(making, &live->next));

	while (at > 0 && live->region_count >= at)
		end_last(making, live, live->next.end_ns);
}

void trace_regions_pass(struct trace_making *making, struct trace_live *live)
{
	struct trace_open_region region = {.task = live->next.arguments[1]};
	size_t at;

	if (live->next.type != TRACE_REGION_BEGIN && live->next.type != TRACE_REGION_END)
		return;
	region.name = name_of(making, &live->next);
	at = find(live, region.name);
	if (live->next.type == TRACE_REGION_BEGIN)
		push(live, &region);
	else if (at > 0)
		live->region_count = at - 1;
}

void trace_regions_end_all(struct trace_making *making, struct trace_live *live, uint64_t ns)
{
	while (live->region_count > 0)
		end_last(making, live, ns);
}
