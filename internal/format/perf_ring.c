/* SPDX-License-Identifier: MIT */
#include "format/perf_ring.h"

#include <string.h>
#include <time.h>

/* What stands at the end of each record that is no sample (sample_id_all). */
struct record_id {
	uint32_t pid, tid;
	uint64_t ns;
	uint32_t cpu, unused;
};

struct record_fault {
	struct perf_event_header header;
	uint64_t ip;
	uint32_t pid, tid;
	uint64_t ns, address;
	uint32_t cpu, unused;
};

struct record_task {
	struct perf_event_header header;
	uint32_t pid, parent_pid, tid, parent_tid;
	uint64_t ns;
	struct record_id id;
};

struct perf_event_attr perf_ring_attr(bool is_of_faults)
{
	struct perf_event_attr attr;

	memset(&attr, 0, sizeof attr);
	attr.size = sizeof attr;
	attr.type = PERF_TYPE_SOFTWARE;
	attr.config = is_of_faults ? PERF_COUNT_SW_PAGE_FAULTS : PERF_COUNT_SW_DUMMY;
	attr.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU;
	attr.exclude_kernel = 1;
	attr.exclude_hv = 1;
	attr.inherit = 1;
	attr.sample_id_all = 1;
	attr.use_clockid = 1;
	attr.clockid = CLOCK_MONOTONIC;
	if (is_of_faults) {
		attr.sample_type |= PERF_SAMPLE_IP | PERF_SAMPLE_ADDR;
		attr.sample_period = 1;
	} else {
		attr.context_switch = 1;
		attr.task = 1;
	}
	return attr;
}

void perf_ring_mark(struct perf_ring *ring)
{
	ring->marked = __atomic_load_n(&ring->page->data_head, __ATOMIC_ACQUIRE);
}

/* The record at a place of the ring, in one piece; NULL for what is none. */
static const struct perf_event_header *record_at(const struct perf_ring *ring, uint64_t at,
						 uint8_t *record)
{
	const uint8_t *data = (const uint8_t *)ring->page + ring->page_bytes;
	size_t size = ring->size_bytes - ring->page_bytes, from = at & (size - 1);
	const struct perf_event_header *header =
		(const struct perf_event_header *)(const void *)(data + from);

	if (header->size < sizeof *header || header->size > ring->marked - at)
		return NULL;
	if (from + header->size <= size)
		return header;
	memcpy(record, data + from, size - from);
	memcpy(record + size - from, data, header->size - (size - from));
	return (const struct perf_event_header *)(const void *)record;
}

static const struct record_id *id_of(const struct perf_event_header *header)
{
	return (const struct record_id *)(const void *)((const uint8_t *)header + header->size -
							sizeof(struct record_id));
}

static void take_switch(const struct perf_event_header *header, const struct trace_perf_sink *sink)
{
	const struct record_id *id = id_of(header);
	struct spool_switch item = {id->ns, id->tid, (uint16_t)id->cpu, SPOOL_SWITCH_IN};

	if ((header->misc & PERF_RECORD_MISC_SWITCH_OUT) != 0)
		item.kind = (header->misc & PERF_RECORD_MISC_SWITCH_OUT_PREEMPT) != 0
				    ? SPOOL_SWITCH_PREEMPTED
				    : SPOOL_SWITCH_BLOCKED;
	sink->sched(sink->context, id->cpu, id->pid, &item);
}

static void take_task(const struct perf_event_header *header, const struct trace_perf_sink *sink)
{
	const struct record_task *task = (const struct record_task *)(const void *)header;
	struct spool_switch item = {task->ns, task->tid, (uint16_t)task->id.cpu,
				    header->type == PERF_RECORD_FORK ? SPOOL_SWITCH_BEGIN
								     : SPOOL_SWITCH_END};

	sink->sched(sink->context, task->id.cpu, task->pid, &item);
}

static void take_fault(const struct perf_event_header *header, const struct trace_perf_sink *sink)
{
	const struct record_fault *fault = (const struct record_fault *)(const void *)header;
	struct spool_fault item = {fault->ns, fault->tid, fault->cpu, fault->address, fault->ip};

	sink->fault(sink->context, fault->cpu, fault->pid, &item);
}

/* The time of a record that we know, and what it is handed to. 0 of others. */
static uint64_t take_record(const struct perf_event_header *header,
			    const struct trace_perf_sink *sink)
{
	switch (header->type) {
	case PERF_RECORD_SWITCH:
		take_switch(header, sink);
		return id_of(header)->ns;
	case PERF_RECORD_FORK:
	case PERF_RECORD_EXIT:
		take_task(header, sink);
		return id_of(header)->ns;
	case PERF_RECORD_SAMPLE:
		take_fault(header, sink);
		return ((const struct record_fault *)(const void *)header)->ns;
	default:
		return 0;
	}
}

static void take_lost(const struct perf_ring *ring, uint32_t cpu,
		      const struct perf_event_header *header, const struct trace_perf_sink *sink)
{
	uint64_t count = ((const uint64_t *)(const void *)(header + 1))[1];
	struct spool_lost item = {ring->last_ns, id_of(header)->ns, count};

	sink->lost(sink->context, cpu, &item);
}

void perf_ring_drain(struct perf_ring *ring, uint8_t *record, uint32_t cpu, bool is_of_faults,
		     const struct trace_perf_sink *sink)
{
	const struct perf_event_header *header;
	uint64_t at = ring->page->data_tail;

	for (; at < ring->marked; at += header->size) {
		uint64_t ns;

		header = record_at(ring, at, record);
		if (header == NULL) {
			at = ring->marked;
			break;
		}
		/* Of faults nothing follows from a hole. */
		if (header->type == PERF_RECORD_LOST && !is_of_faults)
			take_lost(ring, cpu, header, sink);
		ns = take_record(header, sink);
		if (ns != 0)
			ring->last_ns = ns;
	}
	__atomic_store_n(&ring->page->data_tail, at, __ATOMIC_RELEASE);
}
