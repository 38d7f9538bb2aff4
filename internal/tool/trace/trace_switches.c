/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_switches.h"

#include <string.h>

#include "tool/trace/trace_states.h"
#include "tool/trace/trace_threads.h"

void trace_switches_begin(struct trace_switches *switches, const struct trace_raw *raw,
			  struct trace_parts parts, uint32_t cpu)
{
	*switches = (struct trace_switches){
		.raw = raw, .parts = parts, .cpu = cpu, .thread = TRACE_NO_THREAD};
}

static size_t item_size(uint32_t kind)
{
	switch (kind) {
	case SPOOL_SCHED:
		return sizeof(struct spool_switch);
	case SPOOL_LOST:
		return sizeof(struct spool_lost);
	default:
		return sizeof(struct spool_fault);
	}
}

static uint64_t time_of(const struct trace_switches *switches)
{
	switch (switches->kind) {
	case SPOOL_SCHED:
		return switches->next.sched.ns;
	case SPOOL_LOST:
		/* One without an end is known of from its beginning on. */
		return switches->next.lost.to_ns != UINT64_MAX ? switches->next.lost.to_ns
							       : switches->next.lost.from_ns;
	default:
		return switches->next.fault.ns;
	}
}

/* The next item, whether it is of the trace or of before it. */
static uint64_t next_of_all(struct trace_switches *switches)
{
	for (; switches->part < switches->parts.count; switches->part++, switches->offset = 0) {
		const struct trace_part *part = &switches->parts.items[switches->part];
		size_t size = item_size(part->sequence);

		if (part->size - switches->offset < size) {
			trace_raw_give_back(switches->raw, part);
			continue;
		}
		memcpy(&switches->next, part->bytes + switches->offset, size);
		switches->offset += size;
		switches->kind = part->sequence;
		return time_of(switches);
	}
	switches->kind = 0;
	return UINT64_MAX;
}

uint64_t trace_switches_next(struct trace_switches *switches)
{
	uint64_t ns = next_of_all(switches);

	while (ns < switches->raw->cut.begin_ns)
		ns = next_of_all(switches);
	return ns;
}

/* The thread that was on the CPU leaves it. */
static void leave(struct trace_making *making, struct trace_switches *switches, uint64_t ns,
		  bool was_preempted)
{
	struct trace_cpu_item item = {switches->since_ns, ns, switches->thread, was_preempted};

	if (switches->thread != TRACE_NO_THREAD && ns > switches->since_ns)
		trace_writer_cpu(making->writer, switches->cpu, &item);
	switches->thread = TRACE_NO_THREAD;
	/* The next one can't be there earlier, whatever its record says. */
	if (ns > switches->since_ns)
		switches->since_ns = ns;
}

static void arrive(struct trace_making *making, struct trace_switches *switches, uint64_t ns,
		   uint32_t thread)
{
	leave(making, switches, ns, false);
	switches->thread = thread;
}

/* Where the way to the CPU begins that a record ends: not before the last one had left it, nor before this one was off its own. */
static uint64_t way_begins(const struct trace_making *making, const struct trace_switches *switches,
			   const struct trace_live *live, uint64_t ns)
{
	uint64_t from_ns = ns > making->turn_ns ? ns - making->turn_ns : 0;

	if (from_ns < switches->since_ns)
		from_ns = switches->since_ns;
	if (from_ns < live->since_ns)
		from_ns = live->since_ns;
	return from_ns < ns ? from_ns : ns;
}

static void apply_sched(struct trace_making *making, struct trace_switches *switches, uint64_t ns)
{
	const struct spool_switch *item = &switches->next.sched;
	struct trace_live *live;

	making->events++;
	if (item->kind == SPOOL_SWITCH_BEGIN) {
		trace_threads_made(making, item->tid, ns);
		return;
	}
	/* It had ended before the trace began, as the runtime has it. */
	if (item->kind == SPOOL_SWITCH_END && making->raw->cut.begin_ns != 0 &&
	    !trace_threads_is_known(making, item->tid))
		return;
	live = trace_threads_of(making, item->tid, ns);
	if (live == NULL)
		return;
	if (item->kind == SPOOL_SWITCH_IN) {
		ns = way_begins(making, switches, live, ns);
		trace_states_in(making, live, ns, switches->cpu);
		arrive(making, switches, ns, live->thread);
		return;
	}
	/* It was there when the record began. */
	if (switches->thread == TRACE_NO_THREAD && live->sched == TRACE_SCHED_FRESH)
		switches->thread = live->thread;
	if (item->kind == SPOOL_SWITCH_END) {
		trace_states_met(live, switches->cpu);
		leave(making, switches, ns, false);
		trace_threads_end(making, live, ns);
		return;
	}
	trace_states_out(making, live, ns, switches->cpu, item->kind == SPOOL_SWITCH_PREEMPTED);
	leave(making, switches, ns, item->kind == SPOOL_SWITCH_PREEMPTED);
}

/* Whoever was on the CPU may have left it unseen. */
static void apply_lost(struct trace_making *making, struct trace_switches *switches)
{
	const struct spool_lost *lost = &switches->next.lost;
	uint64_t from_ns = trace_making_ns(making, lost->from_ns);

	making->lost_switches += lost->count;
	if (lost->to_ns == UINT64_MAX) {
		trace_threads_lose_sched(making, from_ns);
	} else if (switches->thread != TRACE_NO_THREAD) {
		struct trace_live *live = making->lives.items[switches->thread].live;

		if (live != NULL)
			trace_states_lose(making, live, from_ns, false);
	}
	leave(making, switches, from_ns, false);
}

static void apply_fault(struct trace_making *making, const struct spool_fault *fault, uint64_t ns)
{
	struct trace_live *live = trace_threads_of(making, fault->tid, ns);
	struct trace_event event = {.start_ns = ns,
				    .end_ns = ns,
				    .type = TRACE_FAULT,
				    .waker = TRACE_NO_THREAD,
				    .arguments = {fault->address}};

	if (live == NULL || ns == 0)
		return;
	making->events++;
	making->faults += making->faults != UINT32_MAX;
	trace_writer_event(making->writer, live->thread, &event);
}

void trace_switches_apply(struct trace_making *making, struct trace_switches *switches, uint64_t ns)
{
	if (switches->kind == SPOOL_SCHED)
		apply_sched(making, switches, ns);
	else if (switches->kind == SPOOL_LOST)
		apply_lost(making, switches);
	else if (switches->kind == SPOOL_FAULT)
		apply_fault(making, &switches->next.fault, ns);
}

void trace_switches_end(struct trace_making *making, struct trace_switches *switches, uint64_t ns)
{
	leave(making, switches, ns, false);
}
