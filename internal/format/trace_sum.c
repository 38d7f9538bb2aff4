/* SPDX-License-Identifier: MIT */
#include "format/trace_sum.h"

#include "base/varint.h"

void trace_sum_clear(struct trace_sum *sum)
{
	*sum = (struct trace_sum){.top = TRACE_NO_THREAD, .low = INT64_MAX, .high = INT64_MIN};
}

/* Time that an event takes counts for the state that its thread is in because of it. */
static void sum_event(struct trace_sum *sum, const struct trace_event *event)
{
	double ns = (double)(event->end_ns - event->start_ns);

	if (event->type == TRACE_WAIT)
		sum->ns[trace_state_of_wait(event->arguments[0])] = ns;
	else if (event->type == TRACE_SYSCALL)
		sum->ns[trace_state_of_call(event->arguments[0])] = ns;
}

void trace_sum_of(struct trace_span *span, enum trace_stream stream, const union trace_item *item)
{
	struct trace_sum *sum = &span->sum;
	double ns = (double)(item->end_ns - item->start_ns);

	span->start_ns = item->start_ns;
	span->end_ns = item->end_ns;
	trace_sum_clear(sum);
	sum->count = 1;
	switch (stream) {
	case TRACE_STREAM_STATES:
		sum->ns[item->state.state] = ns;
		break;
	case TRACE_STREAM_EVENTS:
		sum_event(sum, &item->event);
		break;
	case TRACE_STREAM_CPU:
		sum->ns[TRACE_STATE_RUNNING] = ns;
		sum->top = item->cpu.thread;
		sum->top_ns = ns;
		break;
	case TRACE_STREAM_HEAP:
		sum->low = sum->high = item->heap.bytes;
		break;
	}
}

void trace_sum_add(struct trace_sum *into, const struct trace_sum *from, double share)
{
	for (size_t i = 0; i < TRACE_STATE_COUNT; i++)
		into->ns[i] += share * from->ns[i];
	into->count += share * from->count;
	if (into->top == from->top) {
		into->top_ns += share * from->top_ns;
	} else if (share * from->top_ns > into->top_ns) {
		into->top = from->top;
		into->top_ns = share * from->top_ns;
	}
	if (from->low < into->low)
		into->low = from->low;
	if (from->high > into->high)
		into->high = from->high;
}

void trace_span_add(struct trace_span *into, const struct trace_span *from, bool is_first)
{
	if (is_first) {
		*into = *from;
		return;
	}
	if (from->start_ns < into->start_ns)
		into->start_ns = from->start_ns;
	if (from->end_ns > into->end_ns)
		into->end_ns = from->end_ns;
	trace_sum_add(&into->sum, &from->sum, 1);
}

static uint64_t whole(double number)
{
	return number < 0 ? 0 : number >= 1e19 ? UINT64_MAX : (uint64_t)(number + 0.5);
}

static uint8_t *put_bytes(uint8_t *to, const struct trace_sum *sum)
{
	bool has_bytes = sum->low <= sum->high;

	*to++ = has_bytes;
	if (has_bytes) {
		to = varint_put(to, varint_zigzag(sum->low));
		to = varint_put(to, (uint64_t)sum->high - (uint64_t)sum->low);
	}
	return to;
}

uint8_t *trace_group_put(uint8_t *to, const struct trace_span *group, uint64_t *base_ns)
{
	const struct trace_sum *sum = &group->sum;
	uint64_t states = 0;

	for (size_t i = 0; i < TRACE_STATE_COUNT; i++)
		states |= (uint64_t)(sum->ns[i] >= 0.5) << i;
	to = varint_put(to, varint_zigzag((int64_t)(group->start_ns - *base_ns)));
	to = varint_put(to, group->end_ns - group->start_ns);
	to = varint_put(to, whole(sum->count));
	to = varint_put(to, states);
	for (size_t i = 0; i < TRACE_STATE_COUNT; i++)
		if (states >> i & 1)
			to = varint_put(to, whole(sum->ns[i]));
	to = varint_put(to, (uint64_t)sum->top + 1);
	if (sum->top != TRACE_NO_THREAD)
		to = varint_put(to, whole(sum->top_ns));
	*base_ns = group->end_ns;
	return put_bytes(to, sum);
}

static const uint8_t *get_double(const uint8_t *from, const uint8_t *end, double *number)
{
	uint64_t integer;

	if (from == NULL || (from = varint_get(from, end, &integer)) == NULL)
		return NULL;
	*number = (double)integer;
	return from;
}

static const uint8_t *get_top(const uint8_t *from, const uint8_t *end, struct trace_sum *sum)
{
	uint64_t top;

	if (from == NULL || (from = varint_get(from, end, &top)) == NULL ||
	    top > (uint64_t)UINT32_MAX + 1)
		return NULL;
	sum->top = (uint32_t)(top - 1);
	return sum->top == TRACE_NO_THREAD ? from : get_double(from, end, &sum->top_ns);
}

static const uint8_t *get_bytes(const uint8_t *from, const uint8_t *end, struct trace_sum *sum)
{
	uint64_t low, range;

	if (from == NULL || from >= end)
		return NULL;
	if (*from++ == 0)
		return from;
	if ((from = varint_get(from, end, &low)) == NULL ||
	    (from = varint_get(from, end, &range)) == NULL)
		return NULL;
	sum->low = varint_unzigzag(low);
	sum->high = (int64_t)((uint64_t)sum->low + range);
	return from;
}

const uint8_t *trace_group_get(const uint8_t *from, const uint8_t *end, struct trace_span *group,
			       uint64_t *base_ns)
{
	struct trace_sum *sum = &group->sum;
	uint64_t start, length, states;

	trace_sum_clear(sum);
	if ((from = varint_get(from, end, &start)) == NULL ||
	    (from = varint_get(from, end, &length)) == NULL ||
	    (from = get_double(from, end, &sum->count)) == NULL ||
	    (from = varint_get(from, end, &states)) == NULL)
		return NULL;
	group->start_ns = *base_ns + (uint64_t)varint_unzigzag(start);
	group->end_ns = group->start_ns + length;
	*base_ns = group->end_ns;
	for (size_t i = 0; i < TRACE_STATE_COUNT; i++)
		if (states >> i & 1)
			from = get_double(from, end, &sum->ns[i]);
	return get_bytes(get_top(from, end, sum), end, sum);
}

struct trace_sum_record trace_sum_to_record(const struct trace_span *span)
{
	struct trace_sum_record record = {
		.start_ns = span->start_ns,
		.end_ns = span->end_ns,
		.count = (float)span->sum.count,
		.top_ns = (float)span->sum.top_ns,
		.top = span->sum.top,
		.low = span->sum.low,
		.high = span->sum.high,
	};

	for (size_t i = 0; i < TRACE_STATE_COUNT; i++)
		record.ns[i] = (float)span->sum.ns[i];
	return record;
}

struct trace_span trace_sum_from_record(const struct trace_sum_record *record)
{
	struct trace_span span = {
		.start_ns = record->start_ns,
		.end_ns = record->end_ns,
		.sum = {.count = (double)record->count,
			.top_ns = (double)record->top_ns,
			.top = record->top,
			.low = record->low,
			.high = record->high},
	};

	for (size_t i = 0; i < TRACE_STATE_COUNT; i++)
		span.sum.ns[i] = (double)record->ns[i];
	return span;
}
