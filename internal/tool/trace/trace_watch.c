/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/ticks.h"
#include "format/sched_runs.h"
#include "tool/common/human.h"
#include "tool/tool.h"
#include "tool/trace/trace_perf.h"

/* How often the program is looked at: a thread at full speed fills a chunk in 50 us, 4,096 of them in 200 ms. */
#define LOOK_NS UINT64_C(5000000)
/* How often the clocks are compared: a clock that is being set to another one runs at 500 ppm less or more, and changes its speed
 * slowly. A long trace makes do with less: its table has 65,536 items. */
#define SYNC_NS	  UINT64_C(100000000)
#define SYNC_MANY (1u << 15)
/* Of this many readings of both clocks the closest one counts: the others were interrupted. */
enum { SYNC_TRIES = 5 };

/* What is collected of a CPU before it becomes a block. */
enum { SWITCHES = 2048, FAULTS = 1024 };

struct cpu {
	struct spool_switch switches[SWITCHES];
	struct spool_fault faults[FAULTS];
	size_t switch_count, fault_count;
};

struct trace_watch {
	struct recording *recording;
	struct trace_store store;
	struct trace_perf *perf; /* NULL: refused */
	struct sched_runs *runs;
	bool is_flight;
	struct trace_flight flight;
	struct launch_watch launch;
	struct trace_perf_sink sink;
	struct cpu *cpus;
	size_t cpu_count;
	uint32_t pid; /* of the process recorded, 0: not known yet */
	uint64_t next_sync_ns, stopped_ns;
	uint64_t passed_over; /* switches, since then */
	bool has_failed;      /* it stopped because the disk is full, or the like */
	char why[160];	      /* there is no perf */
	char note[160];	      /* as for the reader */
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static struct rec_trace_sync read_clocks(uint32_t ticks)
{
	struct rec_trace_sync best = {0, 0};
	uint64_t best_ns = UINT64_MAX;

	for (int i = 0; i < SYNC_TRIES; i++) {
		uint64_t before_ns = now_ns(), counter = ticks_counter(), after_ns = now_ns();

		if (after_ns - before_ns >= best_ns)
			continue;
		best_ns = after_ns - before_ns;
		best.ns = before_ns + best_ns / 2;
		best.ticks = ticks == REC_TICKS_COUNTER ? counter : best.ns;
	}
	return best;
}

static void compare_clocks(struct trace_watch *watch, uint64_t ns)
{
	struct rec_header *rec = watch->recording->rec;
	struct rec_table *table = &rec->table[REC_TRACE_SYNCS];
	struct rec_trace_sync *items =
		(struct rec_trace_sync *)(void *)((char *)rec + table->offset);
	struct rec_trace_sync sync;
	uint32_t at;

	if (ns < watch->next_sync_ns)
		return;
	at = atomic_fetch_add(&table->len, 1);
	/* Of a flight only the last ones are wanted. */
	if (watch->is_flight)
		at %= table->cap;
	if (at >= table->cap) {
		atomic_fetch_sub(&table->len, 1);
		return;
	}
	atomic_store(&items[at].ns, 0);
	sync = read_clocks(rec->config.trace.ticks);
	items[at].ticks = sync.ticks;
	atomic_store(&items[at].ns, sync.ns);
	watch->next_sync_ns = ns + SYNC_NS * (1 + 10 * (at / SYNC_MANY));
}

/* Nothing is stored from here on: the recorder drops and counts what comes. */
static void stop_storing(struct trace_watch *watch, uint64_t ns)
{
	char size[HUMAN_SIZE];

	if (watch->stopped_ns != 0)
		return;
	watch->stopped_ns = ns;
	atomic_store(&watch->recording->rec->state.trace_is_full, 1);
	if (watch->store.error != 0) {
		watch->has_failed = true;
		snprintf(watch->note, sizeof watch->note, "the trace was cut off: %s",
			 strerror(watch->store.error));
		return;
	}
	human_value(size, sizeof size, (int64_t)watch->store.limit_bytes, "bytes");
	snprintf(watch->note, sizeof watch->note,
		 "the trace was cut off when it had %s: Tracesize allows more", size);
}

static bool store(struct trace_watch *watch, enum spool_kind kind, uint32_t owner,
		  uint32_t sequence, uint64_t base, const void *payload, size_t size_bytes)
{
	if (size_bytes == 0)
		return true;
	do {
		if (trace_store_add(&watch->store, kind, owner, sequence, base, payload,
				    size_bytes))
			return true;
	} while (watch->is_flight && watch->store.error == ENOSPC &&
		 trace_flight_shrink(&watch->flight, &watch->store));
	stop_storing(watch, now_ns());
	return false;
}

static void store_switches(struct trace_watch *watch, uint32_t number)
{
	struct cpu *cpu = &watch->cpus[number];

	/* What can't be stored now stays: there is room for it in the end. */
	if (store(watch, SPOOL_SCHED, number, 0, 0, cpu->switches,
		  cpu->switch_count * sizeof *cpu->switches))
		cpu->switch_count = 0;
}

static void store_faults(struct trace_watch *watch, uint32_t number)
{
	struct cpu *cpu = &watch->cpus[number];

	if (store(watch, SPOOL_FAULT, number, 0, 0, cpu->faults,
		  cpu->fault_count * sizeof *cpu->faults))
		cpu->fault_count = 0;
}

/* The records of children, and of a script before it starts the program, are none of the trace's. As long as it is not
 * known who is recorded they may be: the last one of these says where its first thread is. */
static bool is_ours(const struct trace_watch *watch, uint32_t cpu, uint32_t pid)
{
	return cpu < watch->cpu_count && (watch->pid == 0 || pid == watch->pid);
}

static void on_switch(void *context, uint32_t cpu, uint32_t pid, const struct spool_switch *item)
{
	struct trace_watch *watch = context;

	if (!is_ours(watch, cpu, pid))
		return;
	if (watch->stopped_ns != 0) {
		watch->passed_over++;
		return;
	}
	if (item->kind == SPOOL_SWITCH_IN)
		sched_runs_note(watch->runs, item->tid);
	watch->cpus[cpu].switches[watch->cpus[cpu].switch_count++] = *item;
	if (watch->cpus[cpu].switch_count == SWITCHES)
		store_switches(watch, cpu);
}

static void on_fault(void *context, uint32_t cpu, uint32_t pid, const struct spool_fault *item)
{
	struct trace_watch *watch = context;

	if (watch->pid == 0 || watch->stopped_ns != 0 || !is_ours(watch, cpu, pid))
		return;
	watch->cpus[cpu].faults[watch->cpus[cpu].fault_count++] = *item;
	if (watch->cpus[cpu].fault_count == FAULTS)
		store_faults(watch, cpu);
}

static void on_lost(void *context, uint32_t cpu, const struct spool_lost *item)
{
	struct trace_watch *watch = context;

	if (cpu >= watch->cpu_count || watch->stopped_ns != 0)
		return;
	store_switches(watch, cpu);
	store(watch, SPOOL_LOST, cpu, 0, 0, item, sizeof *item);
}

static void take_records(struct trace_watch *watch)
{
	if (watch->perf == NULL)
		return;
	trace_perf_mark(watch->perf);
	/* Read behind the mark: where nobody was recorded yet, none of the records is of somebody who is. */
	watch->pid = atomic_load(&watch->recording->rec->state.pid);
	trace_perf_drain(watch->perf, &watch->sink);
}

/* Chunks are in use from the first on: behind a long row of free ones there are none. */
static void take_chunks(struct trace_watch *watch)
{
	struct rec_header *rec = watch->recording->rec;
	_Atomic uint32_t *states =
		(_Atomic uint32_t *)(void *)((char *)rec +
					     rec->table[REC_TRACE_CHUNK_STATES].offset);
	const struct rec_trace_chunk *chunks =
		recording_table(watch->recording, TRACE_CHUNKS, struct rec_trace_chunk);

	for (uint32_t i = 0; i < REC_TRACE_CHUNK_COUNT && watch->stopped_ns == 0; i++) {
		const struct rec_trace_chunk *chunk = &chunks[i];
		uint32_t used;

		if (atomic_load_explicit(&states[i], memory_order_acquire) != REC_CHUNK_FULL)
			continue;
		used = atomic_load(&chunk->used_bytes);
		if (used > sizeof chunk->events)
			used = sizeof chunk->events;
		store(watch, SPOOL_EVENTS, chunk->thread, chunk->sequence, chunk->base_ticks,
		      chunk->events, used);
		/* What could not be stored stays where it is, and is found when the program has ended. */
		if (watch->stopped_ns == 0)
			atomic_store(&states[i], REC_CHUNK_FREE);
	}
}

static void take_runs(struct trace_watch *watch, uint64_t ns)
{
	size_t count;
	const struct spool_run *runs = sched_runs_look(watch->runs, watch->pid, ns, &count);

	store(watch, SPOOL_RUN, 0, 0, 0, runs, count * sizeof *runs);
}

static void store_collected(struct trace_watch *watch)
{
	for (uint32_t cpu = 0; cpu < watch->cpu_count; cpu++) {
		store_switches(watch, cpu);
		store_faults(watch, cpu);
	}
}

/* Behind all that has been taken: what comes later is of later. */
static void keep_end(struct trace_watch *watch)
{
	uint64_t ns = now_ns();

	if (watch->stopped_ns != 0 ||
	    !flight_ring_is_due(&watch->flight.ring, watch->store.size_bytes, ns))
		return;
	store_collected(watch);
	trace_flight_mark(&watch->flight, &watch->store, ns,
			  atomic_load(&watch->recording->rec->state.trace_heap_bytes));
}

static void look(void *context)
{
	struct trace_watch *watch = context;
	uint64_t ns = now_ns();

	compare_clocks(watch, ns);
	take_records(watch);
	take_chunks(watch);
	take_runs(watch, ns);
	if (watch->is_flight)
		keep_end(watch);
}

static void begin(void *context, pid_t child)
{
	struct trace_watch *watch = context;

	watch->perf = trace_perf_open(child, watch->why, sizeof watch->why);
	if (watch->perf != NULL && !trace_perf_has_faults(watch->perf))
		snprintf(watch->note, sizeof watch->note, "page faults: refused");
	compare_clocks(watch, now_ns());
}

struct trace_watch *trace_watch_new(struct recording *recording, const char *folder,
				    uint64_t limit_bytes, const struct flight_limits *flight)
{
	struct trace_watch *watch = xcalloc(1, sizeof *watch);
	bool is_open = flight != NULL ? trace_store_open_flight(&watch->store, folder)
				      : trace_store_open(&watch->store, folder, limit_bytes);

	if (!is_open) {
		tool_error("%s: %s: the trace can't be stored there", folder, strerror(errno));
		free(watch);
		return NULL;
	}
	watch->recording = recording;
	watch->is_flight = flight != NULL;
	recording->rec->config.trace.is_flight = watch->is_flight;
	if (flight != NULL)
		flight_ring_open(&watch->flight.ring, flight, now_ns(), 0);
	watch->cpu_count = (size_t)sysconf(_SC_NPROCESSORS_CONF);
	watch->cpus = xcalloc(watch->cpu_count, sizeof *watch->cpus);
	watch->runs = xcalloc(1, sizeof *watch->runs);
	watch->launch = (struct launch_watch){watch, begin, look, LOOK_NS};
	watch->sink = (struct trace_perf_sink){watch, on_switch, on_fault, on_lost};
	recording->rec->config.trace.ticks = ticks_is_clock() ? REC_TICKS_COUNTER : REC_TICKS_NS;
	return watch;
}

void trace_watch_free(struct trace_watch *watch)
{
	trace_perf_close(watch->perf);
	free(watch->runs);
	trace_flight_close(&watch->flight);
	trace_store_close(&watch->store);
	free(watch->cpus);
	free(watch);
}

const struct launch_watch *trace_watch_launch(const struct trace_watch *watch)
{
	return &watch->launch;
}

/* What was collected before the end of the recording may be stored behind the limit, and from when on switches are not
 * known. */
static void open_again(struct trace_watch *watch)
{
	watch->store.is_full = false;
	watch->store.error = 0;
	watch->store.limit_bytes = UINT64_MAX;
}

static void note_stop(struct trace_watch *watch)
{
	struct spool_lost lost = {watch->stopped_ns, UINT64_MAX, watch->passed_over};

	for (uint32_t cpu = 0; cpu < watch->cpu_count; cpu++, lost.count = 0)
		trace_store_add(&watch->store, SPOOL_LOST, cpu, 0, 0, &lost, sizeof lost);
}

void trace_watch_end(struct trace_watch *watch, uint64_t end_ns)
{
	watch->next_sync_ns = 0;
	look(watch);
	trace_store_make_room(&watch->store);
	if (watch->stopped_ns != 0)
		open_again(watch);
	store_collected(watch);
	if (watch->stopped_ns != 0 && watch->perf != NULL)
		note_stop(watch);
	if (watch->is_flight)
		trace_flight_end(&watch->flight, &watch->store, end_ns != 0 ? end_ns : now_ns());
}

uint64_t trace_watch_recorded_ns(const struct trace_watch *watch)
{
	return watch->flight.ring.cut.end_ns - watch->flight.ring.cut.recorded_ns;
}

uint64_t trace_watch_kept_ns(const struct trace_watch *watch)
{
	return watch->flight.ring.cut.end_ns - watch->flight.ring.cut.begin_ns;
}

const struct trace_store *trace_watch_store(const struct trace_watch *watch)
{
	return &watch->store;
}

const char *trace_watch_source(const struct trace_watch *watch)
{
	return watch->perf != NULL ? "perf_event" : watch->why;
}

bool trace_watch_is_short_of_room(const struct trace_watch *watch)
{
	return watch->has_failed;
}

const char *trace_watch_note(const struct trace_watch *watch)
{
	return watch->note;
}
