/* SPDX-License-Identifier: MIT */
#include "format/trace_item.h"

#include <string.h>

#include "base/varint.h"

/* Which of a state's fields are there. The first byte of a state is its number, and whether it is preempted. */
enum state_field {
	FIELD_CPU = 1,
	FIELD_OBJECT = 2,
	FIELD_STACK = 4,
	FIELD_WAKER = 8,
	FIELD_WAKER_STACK = 16,
	FIELD_CALL = 32,
};

#define STATE_PREEMPTED 0x40u

/* Longer than any trace: 292 years. What would end later makes no sense. */
#define NS_MAX (UINT64_MAX / 2)

static uint8_t *put_state(uint8_t *to, const struct trace_state_item *item)
{
	unsigned fields = (item->cpu != TRACE_NO_CPU ? FIELD_CPU : 0) |
			  (item->object != TRACE_NO_OBJECT ? FIELD_OBJECT : 0) |
			  (item->stack != 0 ? FIELD_STACK : 0) |
			  (item->waker != TRACE_NO_THREAD ? FIELD_WAKER : 0) |
			  (item->waker_stack != 0 ? FIELD_WAKER_STACK : 0) |
			  (item->call != 0 ? FIELD_CALL : 0);

	*to++ = (uint8_t)(item->state | (item->is_preempted ? STATE_PREEMPTED : 0));
	*to++ = (uint8_t)fields;
	if (fields & FIELD_CPU)
		to = varint_put(to, item->cpu);
	if (fields & FIELD_OBJECT)
		to = varint_put(to, item->object);
	if (fields & FIELD_STACK)
		to = varint_put(to, item->stack);
	if (fields & FIELD_WAKER)
		to = varint_put(to, item->waker);
	if (fields & FIELD_WAKER_STACK)
		to = varint_put(to, item->waker_stack);
	if (fields & FIELD_CALL)
		to = varint_put(to, item->call);
	return to;
}

/* A number of 32 bits that is there when `is_there`, otherwise `absent`. */
static const uint8_t *get_field(const uint8_t *from, const uint8_t *end, bool is_there,
				uint32_t absent, uint32_t *field)
{
	uint64_t number = absent;

	if (from == NULL || (is_there && (from = varint_get(from, end, &number)) == NULL) ||
	    number > UINT32_MAX)
		return NULL;
	*field = (uint32_t)number;
	return from;
}

static const uint8_t *get_state(const uint8_t *from, const uint8_t *end,
				struct trace_state_item *item)
{
	unsigned fields;

	if (end - from < 2 || (*from & ~STATE_PREEMPTED) >= TRACE_STATE_COUNT)
		return NULL;
	item->state = *from & ~STATE_PREEMPTED;
	item->is_preempted = (*from++ & STATE_PREEMPTED) != 0;
	fields = *from++;
	from = get_field(from, end, fields & FIELD_CPU, TRACE_NO_CPU, &item->cpu);
	from = get_field(from, end, fields & FIELD_OBJECT, TRACE_NO_OBJECT, &item->object);
	from = get_field(from, end, fields & FIELD_STACK, 0, &item->stack);
	from = get_field(from, end, fields & FIELD_WAKER, TRACE_NO_THREAD, &item->waker);
	from = get_field(from, end, fields & FIELD_WAKER_STACK, 0, &item->waker_stack);
	return get_field(from, end, fields & FIELD_CALL, 0, &item->call);
}

static uint8_t *put_event(uint8_t *to, const struct trace_event *event)
{
	const struct trace_event_kind *kind = &trace_event_kinds[event->type];

	*to++ = (uint8_t)event->type;
	if (kind->has_duration)
		to = varint_put(to, event->end_ns - event->start_ns);
	if (kind->has_stack)
		to = varint_put(to, event->stack);
	if (event->type == TRACE_WAIT) {
		to = varint_put(to, event->waker + 1);
		to = varint_put(to, event->waker_stack);
	}
	for (unsigned i = 0; i < kind->argument_count; i++)
		to = varint_put(to, event->arguments[i]);
	return to;
}

static const uint8_t *get_event(const uint8_t *from, const uint8_t *end, struct trace_event *event)
{
	const struct trace_event_kind *kind;
	uint64_t duration_ns = 0;

	if (from >= end || *from >= TRACE_EVENT_COUNT)
		return NULL;
	event->type = *from++;
	kind = &trace_event_kinds[event->type];
	if (kind->has_duration && (from = varint_get(from, end, &duration_ns)) == NULL)
		return NULL;
	if (duration_ns > event->end_ns)
		return NULL;
	event->start_ns = event->end_ns - duration_ns;
	from = get_field(from, end, kind->has_stack, 0, &event->stack);
	from = get_field(from, end, event->type == TRACE_WAIT, 0, &event->waker);
	event->waker = event->type == TRACE_WAIT ? event->waker - 1 : TRACE_NO_THREAD;
	from = get_field(from, end, event->type == TRACE_WAIT, 0, &event->waker_stack);
	memset(event->arguments, 0, sizeof event->arguments);
	for (unsigned i = 0; i < kind->argument_count && from != NULL; i++)
		from = varint_get(from, end, &event->arguments[i]);
	return from;
}

uint8_t *trace_item_put(uint8_t *to, enum trace_stream stream, const union trace_item *item,
			struct trace_item_base *base)
{
	switch (stream) {
	case TRACE_STREAM_STATES:
		to = varint_put(to, item->end_ns - base->ns);
		to = put_state(to, &item->state);
		break;
	case TRACE_STREAM_EVENTS:
		to = varint_put(to, item->end_ns - base->ns);
		to = put_event(to, &item->event);
		break;
	case TRACE_STREAM_CPU:
		to = varint_put(to, item->start_ns - base->ns);
		to = varint_put(to, (item->end_ns - item->start_ns) << 1 | item->cpu.was_preempted);
		to = varint_put(to, item->cpu.thread);
		break;
	case TRACE_STREAM_HEAP:
		to = varint_put(to, item->start_ns - base->ns);
		to = varint_put(to, item->end_ns - item->start_ns);
		to = varint_put(to, varint_zigzag((int64_t)((uint64_t)item->heap.bytes -
							    (uint64_t)base->bytes)));
		base->bytes = item->heap.bytes;
		break;
	}
	base->ns = item->end_ns;
	return to;
}

/* Start and end of an item that has a gap before it. */
static const uint8_t *get_times(const uint8_t *from, const uint8_t *end, union trace_item *item,
				uint64_t base_ns, unsigned flag_bits, uint64_t *flags)
{
	uint64_t gap_ns, length;

	if ((from = varint_get(from, end, &gap_ns)) == NULL ||
	    (from = varint_get(from, end, &length)) == NULL)
		return NULL;
	*flags = length & ((1u << flag_bits) - 1);
	length >>= flag_bits;
	if (gap_ns > NS_MAX - base_ns || length > NS_MAX - base_ns - gap_ns)
		return NULL;
	item->start_ns = base_ns + gap_ns;
	item->end_ns = base_ns + gap_ns + length;
	return from;
}

static const uint8_t *get_cpu(const uint8_t *from, const uint8_t *end, union trace_item *item,
			      uint64_t base_ns)
{
	uint64_t was_preempted = 0;

	from = get_times(from, end, item, base_ns, 1, &was_preempted);
	item->cpu.was_preempted = was_preempted;
	return get_field(from, end, true, 0, &item->cpu.thread);
}

static const uint8_t *get_heap(const uint8_t *from, const uint8_t *end, union trace_item *item,
			       struct trace_item_base *base)
{
	uint64_t none, change;

	if ((from = get_times(from, end, item, base->ns, 0, &none)) == NULL ||
	    (from = varint_get(from, end, &change)) == NULL)
		return NULL;
	base->bytes = (int64_t)((uint64_t)base->bytes + (uint64_t)varint_unzigzag(change));
	item->heap.bytes = base->bytes;
	return from;
}

/* States and events begin with how far their end is from that of the one before. */
static const uint8_t *get_end(const uint8_t *from, const uint8_t *end, union trace_item *item,
			      uint64_t base_ns)
{
	uint64_t step_ns;

	from = varint_get(from, end, &step_ns);
	if (from == NULL || step_ns > NS_MAX - base_ns)
		return NULL;
	item->start_ns = base_ns;
	item->end_ns = base_ns + step_ns;
	return from;
}

const uint8_t *trace_item_get(const uint8_t *from, const uint8_t *end, enum trace_stream stream,
			      union trace_item *item, struct trace_item_base *base)
{
	switch (stream) {
	case TRACE_STREAM_STATES:
		from = get_end(from, end, item, base->ns);
		from = from == NULL ? NULL : get_state(from, end, &item->state);
		break;
	case TRACE_STREAM_EVENTS:
		from = get_end(from, end, item, base->ns);
		from = from == NULL ? NULL : get_event(from, end, &item->event);
		break;
	case TRACE_STREAM_CPU:
		from = get_cpu(from, end, item, base->ns);
		break;
	case TRACE_STREAM_HEAP:
		from = get_heap(from, end, item, base);
		break;
	}
	if (from != NULL)
		base->ns = item->end_ns;
	return from;
}
