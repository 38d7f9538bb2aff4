/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_raw_events.h"

#include <string.h>

#include "base/varint.h"

static bool next_part(struct trace_raw_reader *reader)
{
	const struct trace_part *part;

	if (reader->next_part > 0)
		trace_raw_give_back(reader->raw, &reader->parts.items[reader->next_part - 1]);
	if (reader->next_part == reader->parts.count)
		return false;
	part = &reader->parts.items[reader->next_part++];
	reader->at = part->bytes;
	reader->end = part->bytes + part->size;
	reader->ticks = part->base;
	return true;
}

/* What follows an event's type. NULL where it is cut off. */
static const uint8_t *read_numbers(const uint8_t *at, const uint8_t *end,
				   const struct trace_event_kind *kind, uint64_t *ticks,
				   uint64_t *duration, struct trace_raw_event *event)
{
	uint64_t number;

	at = varint_get(at, end, &number);
	if (at == NULL)
		return NULL;
	*ticks += (uint64_t)varint_unzigzag(number);
	*duration = 0;
	if (kind->has_duration && (at = varint_get(at, end, duration)) == NULL)
		return NULL;
	event->node = 0;
	if (kind->has_stack) {
		at = varint_get(at, end, &number);
		if (at == NULL)
			return NULL;
		event->node = number <= UINT32_MAX ? (uint32_t)number : 0;
	}
	for (unsigned i = 0; i < kind->argument_count; i++)
		if ((at = varint_get(at, end, &event->arguments[i])) == NULL)
			return NULL;
	return at;
}

/* False where the chunk is damaged. */
static bool read_event(struct trace_raw_reader *reader, struct trace_clock *clock,
		       struct trace_raw_event *event)
{
	uint8_t type = *reader->at;
	const uint8_t *at;
	uint64_t duration;

	if (type == TRACE_NONE || type >= TRACE_EVENT_COUNT)
		return false;
	at = read_numbers(reader->at + 1, reader->end, &trace_event_kinds[type], &reader->ticks,
			  &duration, event);
	if (at == NULL)
		return false;
	reader->at = at;
	event->type = type;
	event->end_ns = trace_clock_ns(clock, reader->ticks);
	if (event->end_ns < reader->last_ns)
		event->end_ns = reader->last_ns;
	reader->last_ns = event->end_ns;
	event->start_ns = event->end_ns;
	if (duration != 0 && duration <= reader->ticks)
		event->start_ns = trace_clock_ns(clock, reader->ticks - duration);
	if (event->start_ns > event->end_ns)
		event->start_ns = event->end_ns;
	return true;
}

bool trace_raw_next(struct trace_raw_reader *reader, struct trace_clock *clock,
		    struct trace_raw_event *event)
{
	for (;;) {
		while (reader->at == reader->end)
			if (!next_part(reader))
				return false;
		if (read_event(reader, clock, event))
			return true;
		reader->damaged_count++;
		reader->at = reader->end;
	}
}
