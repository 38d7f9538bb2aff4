/* SPDX-License-Identifier: MIT */
/* What a Perfetto file begins with: its clock, the process, its threads and their tracks; declared in perfetto.h. */
#include <stdlib.h>

#include "base/hash.h"
#include "base/xalloc.h"
#include "tool/analysis/trace_lost.h"
#include "tool/perfetto/perfetto.h"

/* Clocks, as Perfetto numbers them: that of all packets, and the date. */
enum { CLOCK_IS_BOOTTIME = 6, CLOCK_IS_REALTIME = 1 };

#define THREAD_TRACKS UINT64_C(0x100000000)
#define TASK_TRACKS   UINT64_C(0x8000000000000000)

uint64_t perfetto_thread_track(uint32_t thread)
{
	return THREAD_TRACKS + thread;
}

uint64_t perfetto_task_track(uint64_t task)
{
	return TASK_TRACKS | hash_word(HASH_START, task);
}

/* The process's number: its first thread's. */
static int32_t pid_of(const struct trace *trace)
{
	const struct trace_thread *first = trace_thread(trace, 0);

	return first ? (int32_t)first->tid : 1;
}

static void put_clocks(struct perfetto *perfetto)
{
	Perfetto__Packet packet = PERFETTO__PACKET__INIT;
	Perfetto__ClockSnapshot snapshot = PERFETTO__CLOCK_SNAPSHOT__INIT;
	Perfetto__ClockSnapshot__Clock clocks[2] = {PERFETTO__CLOCK_SNAPSHOT__CLOCK__INIT,
						    PERFETTO__CLOCK_SNAPSHOT__CLOCK__INIT};
	Perfetto__ClockSnapshot__Clock *pointers[2] = {&clocks[0], &clocks[1]};

	clocks[0].has_clock_id = clocks[0].has_timestamp = 1;
	clocks[1].has_clock_id = clocks[1].has_timestamp = 1;
	clocks[0].clock_id = CLOCK_IS_BOOTTIME;
	clocks[1].clock_id = CLOCK_IS_REALTIME;
	clocks[1].timestamp = (uint64_t)trace_info(perfetto->trace)->start_realtime_ns;
	snapshot.n_clocks = 2;
	snapshot.clocks = pointers;
	packet.clock_snapshot = &snapshot;
	if (trace_lost_is_any(perfetto->trace))
		packet.has_previous_packet_dropped = packet.previous_packet_dropped = 1;
	perfetto_put(perfetto, &packet);
}

static void put_process(struct perfetto *perfetto)
{
	Perfetto__Packet packet = PERFETTO__PACKET__INIT;
	Perfetto__TrackDescriptor track = PERFETTO__TRACK_DESCRIPTOR__INIT;
	Perfetto__TrackDescriptor__Process process = PERFETTO__TRACK_DESCRIPTOR__PROCESS__INIT;
	char *name = perfetto_text(trace_info(perfetto->trace)->program);

	process.has_pid = 1;
	process.pid = pid_of(perfetto->trace);
	process.process_name = name;
	track.has_uuid = 1;
	track.uuid = PERFETTO_PROCESS_TRACK;
	track.process = &process;
	packet.track_descriptor = &track;
	perfetto_put(perfetto, &packet);
	free(name);
}

static void put_heap_track(struct perfetto *perfetto)
{
	Perfetto__Packet packet = PERFETTO__PACKET__INIT;
	Perfetto__TrackDescriptor track = PERFETTO__TRACK_DESCRIPTOR__INIT;
	Perfetto__TrackDescriptor__Counter counter = PERFETTO__TRACK_DESCRIPTOR__COUNTER__INIT;
	char name[] = "heap in use";

	counter.has_unit = 1;
	counter.unit = PERFETTO__TRACK_DESCRIPTOR__COUNTER__UNIT__SIZE_BYTES;
	track.has_uuid = track.has_parent_uuid = 1;
	track.uuid = PERFETTO_HEAP_TRACK;
	track.parent_uuid = PERFETTO_PROCESS_TRACK;
	track.name = name;
	track.counter = &counter;
	packet.track_descriptor = &track;
	perfetto_put(perfetto, &packet);
}

static void put_thread(struct perfetto *perfetto, uint32_t number)
{
	const struct trace_thread *of = trace_thread(perfetto->trace, number);
	Perfetto__Packet packet = PERFETTO__PACKET__INIT;
	Perfetto__TrackDescriptor track = PERFETTO__TRACK_DESCRIPTOR__INIT;
	Perfetto__TrackDescriptor__Thread thread = PERFETTO__TRACK_DESCRIPTOR__THREAD__INIT;
	char *name = perfetto_text(trace_string(perfetto->trace, of->name));

	thread.has_pid = thread.has_tid = 1;
	thread.pid = pid_of(perfetto->trace);
	thread.tid = (int32_t)of->tid;
	thread.thread_name = name;
	track.has_uuid = track.has_parent_uuid = 1;
	track.uuid = perfetto_thread_track(number);
	track.parent_uuid = PERFETTO_PROCESS_TRACK;
	track.thread = &thread;
	packet.track_descriptor = &track;
	perfetto_put(perfetto, &packet);
	free(name);
}

/* The same threads once more: those that the task states are of. */
static void put_process_tree(struct perfetto *perfetto)
{
	size_t count = trace_thread_count(perfetto->trace);
	Perfetto__Packet packet = PERFETTO__PACKET__INIT;
	Perfetto__ProcessTree tree = PERFETTO__PROCESS_TREE__INIT;
	Perfetto__ProcessTree__Process process = PERFETTO__PROCESS_TREE__PROCESS__INIT;
	Perfetto__ProcessTree__Process *processes = &process;
	Perfetto__ProcessTree__Thread *threads = xcalloc(count, sizeof *threads);
	Perfetto__ProcessTree__Thread **pointers = xcalloc(count, sizeof *pointers);

	process.has_pid = 1;
	process.pid = pid_of(perfetto->trace);
	process.cmdline = perfetto_text(trace_info(perfetto->trace)->program);
	for (uint32_t i = 0; i < count; i++) {
		const struct trace_thread *of = trace_thread(perfetto->trace, i);

		threads[i] = (Perfetto__ProcessTree__Thread)PERFETTO__PROCESS_TREE__THREAD__INIT;
		threads[i].has_tid = threads[i].has_pid = threads[i].has_is_main_thread = 1;
		threads[i].tid = of->tid;
		threads[i].pid = process.pid;
		threads[i].comm = perfetto_text(trace_string(perfetto->trace, of->name));
		threads[i].is_main_thread = i == 0;
		pointers[i] = &threads[i];
	}
	tree.n_processes = 1;
	tree.processes = &processes;
	tree.n_threads = count;
	tree.threads = pointers;
	packet.has_timestamp = 1;
	packet.generic_kernel_process_tree = &tree;
	perfetto_put(perfetto, &packet);
	for (size_t i = 0; i < count; i++)
		free(threads[i].comm);
	free(process.cmdline);
	free(threads);
	free(pointers);
}

/* What was lost is the first thing that is seen there too. */
static void put_lost(struct perfetto *perfetto)
{
	Perfetto__Packet packet = PERFETTO__PACKET__INIT;
	Perfetto__TrackEvent event = PERFETTO__TRACK_EVENT__INIT;
	char *text;

	if (!trace_lost_is_any(perfetto->trace))
		return;
	text = trace_lost_text(perfetto->trace);
	event.has_type = event.has_track_uuid = event.has_name_iid = 1;
	event.type = PERFETTO__TRACK_EVENT__TYPE__INSTANT;
	event.track_uuid = PERFETTO_PROCESS_TRACK;
	event.name_iid = perfetto_event_name(perfetto, text);
	packet.has_timestamp = 1;
	packet.track_event = &event;
	perfetto_put(perfetto, &packet);
	free(text);
}

void perfetto_put_tracks(struct perfetto *perfetto)
{
	put_clocks(perfetto);
	put_process(perfetto);
	put_heap_track(perfetto);
	for (uint32_t i = 0; i < trace_thread_count(perfetto->trace); i++)
		put_thread(perfetto, i);
	put_process_tree(perfetto);
	put_lost(perfetto);
}

void perfetto_put_heap(struct perfetto *perfetto)
{
	struct trace_cursor *cursor =
		trace_cursor_new(perfetto->trace, TRACE_STREAM_HEAP, 0, 0, UINT64_MAX);
	struct trace_heap_item item;

	while (trace_heap_next(cursor, &item)) {
		Perfetto__Packet packet = PERFETTO__PACKET__INIT;
		Perfetto__TrackEvent event = PERFETTO__TRACK_EVENT__INIT;

		event.has_type = event.has_track_uuid = event.has_counter_value = 1;
		event.type = PERFETTO__TRACK_EVENT__TYPE__COUNTER;
		event.track_uuid = PERFETTO_HEAP_TRACK;
		event.counter_value = item.bytes;
		packet.has_timestamp = 1;
		packet.timestamp = item.ns;
		packet.track_event = &event;
		perfetto_put(perfetto, &packet);
	}
	trace_cursor_free(cursor);
}
