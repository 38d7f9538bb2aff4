/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_finish.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/common/progress.h"
#include "tool/trace/trace_cut.h"
#include "tool/trace/trace_states.h"
#include "tool/tool.h"
#include "tool/trace/trace_making.h"
#include "tool/trace/trace_stream.h"
#include "tool/trace/trace_switches.h"
#include "tool/trace/trace_threads.h"
#include "tool/trace/trace_turns.h"

/* Sources of the queue from here on are records of CPUs, those of switches first: threads have at most 2^18 numbers, and some
 * more that only the kernel knows. */
#define CPU_SOURCES (UINT32_C(1) << 30)

/* Events from one line of progress to the next. */
enum { PROGRESS = 1 << 18 };

struct records {
	struct trace_switches *items; /* switches, then faults */
	size_t count;
};

static bool has_switches(const struct trace_raw *raw)
{
	if (raw->was_count > 0)
		return true;
	for (size_t cpu = 0; cpu < raw->cpu_count; cpu++)
		if (raw->switches[cpu].count > 0)
			return true;
	return false;
}

static void records_open(struct trace_making *making, struct records *records)
{
	const struct trace_raw *raw = making->raw;

	records->count = 2 * raw->cpu_count;
	records->items = xcalloc(records->count + 1, sizeof *records->items);
	for (size_t i = 0; i < records->count; i++) {
		bool is_of_faults = i >= raw->cpu_count;
		size_t cpu = is_of_faults ? i - raw->cpu_count : i;
		uint64_t ns;

		trace_switches_begin(&records->items[i], raw,
				     is_of_faults ? raw->faults[cpu] : raw->switches[cpu],
				     (uint32_t)cpu);
		ns = trace_switches_next(&records->items[i]);
		if (ns != UINT64_MAX)
			trace_queue_add(&making->queue, CPU_SOURCES + (uint32_t)i,
					trace_making_ns(making, ns));
	}
}

/* Go on with the first source: its next item is at that time. One may have come in front of it meanwhile. */
static void go_on(struct trace_making *making, uint64_t ns)
{
	if (ns == UINT64_MAX)
		trace_queue_drop_first(&making->queue);
	else
		trace_queue_move_first(&making->queue, ns);
}

static void pass_record(struct trace_making *making, struct trace_switches *record, uint64_t ns)
{
	struct trace_switches now = *record;
	uint64_t next_ns = trace_switches_next(record);

	/* First in the queue is still this one: applying it may add others. */
	go_on(making, next_ns == UINT64_MAX ? next_ns : trace_making_ns(making, next_ns));
	trace_switches_apply(making, &now, ns);
	record->thread = now.thread;
	record->since_ns = now.since_ns;
}

static void pass_event(struct trace_making *making, uint32_t thread, uint64_t ns)
{
	struct trace_live *live = making->lives.items[thread].live;

	/* It ended, and its events were taken with that. */
	if (live == NULL) {
		trace_queue_drop_first(&making->queue);
		return;
	}
	if (live->next.end_ns == ns) {
		trace_stream_take(making, live);
		trace_stream_next(making, live);
	}
	go_on(making, live->next.end_ns);
	trace_threads_rest(making, live);
}

/* At the beginning of a trace that begins in the middle. */
static void take_up(struct trace_making *making, struct records *records)
{
	struct spool_fold fold = {.cap = 0};

	trace_cut_fold(making->raw, &fold);
	for (size_t i = 0; i < fold.cap; i++) {
		const struct spool_switch *item = &fold.items[i];
		struct trace_live *live =
			item->tid != 0 ? trace_threads_was(making, item->tid) : NULL;

		if (live == NULL)
			continue;
		trace_states_was(live, item);
		if (item->kind == SPOOL_SWITCH_IN && item->cpu < making->raw->cpu_count)
			records->items[item->cpu].thread = live->thread;
	}
	free(fold.items);
}

static void pass(struct trace_making *making, struct records *records)
{
	uint64_t next_begin_ns = trace_threads_begin_until(making, 0);

	if (making->raw->cut.begin_ns != 0 && making->has_sched)
		take_up(making, records);
	if (making->heap_bytes != 0)
		trace_writer_heap(making->writer, &(struct trace_heap_item){0, making->heap_bytes});

	while (making->queue.count > 0 || next_begin_ns != UINT64_MAX) {
		struct trace_queue_item first;

		if (making->queue.count == 0 || making->queue.items[0].ns >= next_begin_ns) {
			next_begin_ns = trace_threads_begin_until(making, next_begin_ns);
			continue;
		}
		first = making->queue.items[0];
		if (first.ns > making->last_ns)
			making->last_ns = first.ns;
		if (first.source >= CPU_SOURCES)
			pass_record(making, &records->items[first.source - CPU_SOURCES], first.ns);
		else
			pass_event(making, first.source, first.ns);
		if (making->events % PROGRESS == 0)
			progress_show("finishing the trace: %llu events",
				      (unsigned long long)making->events);
	}
}

static void records_end(struct trace_making *making, struct records *records)
{
	for (size_t i = 0; i < records->count; i++)
		trace_switches_end(making, &records->items[i], making->last_ns);
	free(records->items);
}

/* The name and function of a thread that the runtime has met. */
static void describe(struct trace_making *making, struct trace_thread *thread, uint32_t number)
{
	const struct rec_trace_thread *item = making->raw->threads[number];
	const struct trace_life *life = &making->lives.items[number];
	uint32_t creator = trace_raw_thread(making->raw, item->creator);

	thread->name = trace_writer_string(
		making->writer, recording_string(making->raw->recording, atomic_load(&item->name)));
	thread->function = number == making->raw->main && item->function == 0
				   ? trace_writer_string(making->writer, "main")
				   : trace_function_of(making->stacks, item->function);
	if (creator != 0)
		thread->creator = creator - 1;
	thread->is_alive = atomic_load(&item->end_ticks) == 0;
	thread->lost_events =
		making->raw->cut.begin_ns == 0 ? atomic_load(&item->lost_all) : life->lost;
	/* How many there were nobody knows: one at least. */
	thread->lost_events += life->damaged;
}

static struct trace_thread *threads_of(struct trace_making *making, struct trace_info *info)
{
	struct trace_thread *threads = xcalloc(making->lives.count + 1, sizeof *threads);

	for (uint32_t i = 0; i < making->lives.count; i++) {
		const struct trace_life *life = &making->lives.items[i];

		threads[i].tid = life->tid;
		threads[i].creator = TRACE_NO_THREAD;
		threads[i].start_ns = life->is_begun ? life->start_ns : 0;
		threads[i].end_ns = life->is_begun ? life->end_ns : 0;
		if (i < making->raw->thread_count)
			describe(making, &threads[i], i);
		info->lost_events += threads[i].lost_events;
	}
	return threads;
}

static int64_t realtime_of(uint64_t origin_ns)
{
	struct timespec real, steady;

	clock_gettime(CLOCK_REALTIME, &real);
	clock_gettime(CLOCK_MONOTONIC, &steady);
	return (int64_t)real.tv_sec * 1000000000 + real.tv_nsec -
	       ((int64_t)steady.tv_sec * 1000000000 + steady.tv_nsec) + (int64_t)origin_ns;
}

static int end_writer(struct trace_making *making, struct trace_info *info)
{
	struct trace_thread *threads = threads_of(making, info);
	size_t object_count;
	const struct trace_object *objects = trace_wakes_objects(making->wakes, &object_count);
	int error;

	info->span_ns = making->last_ns;
	info->event_count = making->events;
	info->lost_switches = making->lost_switches;
	info->fault_count = making->faults;
	info->cpu_count = (uint32_t)sysconf(_SC_NPROCESSORS_CONF);
	if (making->raw->cpu_count > info->cpu_count)
		info->cpu_count = (uint32_t)making->raw->cpu_count;
	info->page_bytes = (uint32_t)sysconf(_SC_PAGESIZE);
	if (info->start_realtime_ns == 0)
		info->start_realtime_ns = realtime_of(making->origin_ns);
	error = trace_writer_end(making->writer, info, threads, making->lives.count, objects,
				 object_count);
	free(threads);
	return error;
}

static void making_free(struct trace_making *making)
{
	trace_stacks_free(making->stacks);
	trace_wakes_free(making->wakes);
	trace_calls_free(making->calls);
	trace_lives_free(&making->lives);
	trace_clock_free(&making->clock);
	free(making->queue.items);
}

int trace_finish(const struct trace_raw *raw, struct sym *sym, const char *path,
		 struct trace_info *info)
{
	struct trace_making making = {.raw = raw, .has_sched = has_switches(raw)};
	uint64_t end_ns;
	struct records records;
	int error;

	making.writer = trace_writer_new(path);
	if (making.writer == NULL) {
		error = -errno;
		tool_error("%s: %s; nothing was written there", path, strerror(-error));
		return error;
	}
	trace_clock_open(&making.clock, raw->recording);
	making.stacks = trace_stacks_new(raw->recording, sym, making.writer);
	making.wakes = trace_wakes_new();
	making.calls = trace_calls_new();
	making.turn_ns = trace_turns_cost_ns(raw);
	making.heap_bytes = raw->cut.begin_ns != 0 ? raw->cut.heap_bytes : 0;
	trace_threads_read(&making);
	records_open(&making, &records);
	pass(&making, &records);
	/* Without a scheduler's record nothing else says how long the last wait was. */
	end_ns = raw->cut.end_ns;
	if (!making.has_sched && end_ns == 0)
		end_ns = trace_clock_end(raw->recording);
	end_ns = trace_making_ns(&making, end_ns);
	if (end_ns > making.last_ns)
		making.last_ns = end_ns;
	records_end(&making, &records);
	trace_threads_end_all(&making);
	error = end_writer(&making, info);
	progress_clear();
	if (error != 0)
		tool_error("%s: %s; nothing was written there", path, strerror(-error));
	making_free(&making);
	return error;
}
