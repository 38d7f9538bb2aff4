/* SPDX-License-Identifier: MIT */
#include "runtime/trace/trace_switches.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "format/perf_ring.h"
#include "format/sched_runs.h"
#include "runtime/rt.h"
#include "runtime/thread.h"
#include "runtime/trace/trace_threads.h"

/* A ring of 64 pages holds 6,000 switches: what a CPU that does nothing else makes in 5 ms. */
enum { PAGES_MOST = 64, FAULT_PAGES_MOST = 32, PAGES_LEAST = 8, FDS_MOST = 256, BLOCK = 512 };

/* Events of one sort on one CPU. */
struct source {
	struct perf_ring ring; /* page is NULL: there is none */
	int first;	       /* the event that the ring is of */
};

struct cpu {
	struct source switches, faults;
	struct spool_switch items[BLOCK];
	struct spool_fault fault_items[BLOCK];
	size_t count, fault_count;
};

/* Of the thread that takes away. */
static struct {
	trace_switches_store *store;
	struct cpu *cpus;
	struct sched_runs *runs; /* NULL: no memory */
	size_t cpu_count, size_bytes;
	int fds[FDS_MOST];
	size_t fd_count;
	int error; /* errno of the first refusal, 0 */
	uint32_t pid;
	_Alignas(8) uint8_t record[PERF_RECORD_BYTES];
} watch;

static bool map_ring(struct source *source, size_t most)
{
	struct perf_ring *ring = &source->ring;

	ring->page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	for (size_t pages = most; pages >= PAGES_LEAST; pages /= 2) {
		ring->size_bytes = (pages + 1) * ring->page_bytes;
		ring->page = (void *)syscall(SYS_mmap, NULL, ring->size_bytes,
					     PROT_READ | PROT_WRITE, MAP_SHARED, source->first, 0L);
		if (ring->page != MAP_FAILED)
			return true;
	}
	ring->page = NULL;
	return false;
}

/* The first event of a CPU has the ring, the others write to it. */
static bool attach(struct source *source, int fd, size_t pages_most)
{
	if (source->ring.page != NULL)
		return syscall(SYS_ioctl, fd, PERF_EVENT_IOC_SET_OUTPUT, source->first) == 0;
	source->first = fd;
	return map_ring(source, pages_most);
}

static void open_event(uint32_t tid, size_t number, bool is_of_faults)
{
	struct perf_event_attr attr = perf_ring_attr(is_of_faults);
	struct cpu *cpu = &watch.cpus[number];
	int fd;

	if (watch.fd_count == FDS_MOST) {
		watch.error = EMFILE;
		return;
	}
	fd = (int)syscall(SYS_perf_event_open, &attr, tid, (int)number, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd >= 0 && (is_of_faults ? attach(&cpu->faults, fd, FAULT_PAGES_MOST)
				     : attach(&cpu->switches, fd, PAGES_MOST))) {
		watch.fds[watch.fd_count++] = fd;
		return;
	}
	/* A CPU that is off has no events, and a thread that has ended none either. */
	if (errno != ENODEV && errno != ESRCH && watch.error == 0)
		watch.error = errno;
	if (fd >= 0)
		syscall(SYS_close, fd);
}

static void open_thread(uint32_t tid)
{
	if (thread_is_own(tid))
		return;
	sched_runs_note(watch.runs, tid);
	for (size_t cpu = 0; cpu < watch.cpu_count; cpu++)
		open_event(tid, cpu, false);
}

static void open_faults_of(uint32_t tid)
{
	for (size_t cpu = 0; cpu < watch.cpu_count && !thread_is_own(tid); cpu++)
		open_event(tid, cpu, true);
}

/* Behind what is said of the heap. */
static void say(const char *what)
{
	char *message = rt_rec->state.message;
	size_t length = strnlen(message, sizeof rt_rec->state.message - 1);

	if (watch.error != 0)
		snprintf(message + length, sizeof rt_rec->state.message - length,
			 "%sperf_event: %s: %s", length > 0 ? "; " : "", strerror(watch.error),
			 what);
}

void trace_switches_open(trace_switches_store *store)
{
	watch.store = store;
	watch.fd_count = 0;
	watch.error = 0;
	watch.pid = (uint32_t)syscall(SYS_getpid);
	watch.cpu_count = (size_t)sysconf(_SC_NPROCESSORS_CONF);
	watch.size_bytes = watch.cpu_count * sizeof *watch.cpus;
	watch.cpus = rt_map(watch.size_bytes);
	watch.runs = rt_map(sizeof *watch.runs);
	if (watch.cpus == NULL || watch.runs == NULL)
		return;
	trace_threads_each(open_thread);
	say("who ran when is not known of all threads");
	/* With what is left of memory and descriptors. */
	if (watch.error != 0)
		return;
	trace_threads_each(open_faults_of);
	say("page faults are not known of all threads");
}

static void store_switches(uint32_t number)
{
	struct cpu *cpu = &watch.cpus[number];

	if (cpu->count != 0)
		watch.store(SPOOL_SCHED, number, cpu->items, cpu->count * sizeof *cpu->items);
	cpu->count = 0;
}

static void store_faults(uint32_t number)
{
	struct cpu *cpu = &watch.cpus[number];

	if (cpu->fault_count != 0)
		watch.store(SPOOL_FAULT, number, cpu->fault_items,
			    cpu->fault_count * sizeof *cpu->fault_items);
	cpu->fault_count = 0;
}

/* Children of a fork inherit the events, too, and so do threads of ours that one of the program's starts. */
static bool is_program(uint32_t number, uint32_t pid, uint32_t tid)
{
	return number < watch.cpu_count && pid == watch.pid && !thread_is_own(tid);
}

static void on_switch(void *context, uint32_t number, uint32_t pid, const struct spool_switch *item)
{
	struct cpu *cpu = &watch.cpus[number];

	(void)context;
	if (!is_program(number, pid, item->tid))
		return;
	if (item->kind == SPOOL_SWITCH_IN)
		sched_runs_note(watch.runs, item->tid);
	cpu->items[cpu->count++] = *item;
	if (cpu->count == BLOCK)
		store_switches(number);
}

static void on_fault(void *context, uint32_t number, uint32_t pid, const struct spool_fault *item)
{
	struct cpu *cpu = &watch.cpus[number];

	(void)context;
	if (!is_program(number, pid, item->tid))
		return;
	cpu->fault_items[cpu->fault_count++] = *item;
	if (cpu->fault_count == BLOCK)
		store_faults(number);
}

static void on_lost(void *context, uint32_t number, const struct spool_lost *item)
{
	(void)context;
	if (number >= watch.cpu_count)
		return;
	store_switches(number);
	watch.store(SPOOL_LOST, number, item, sizeof *item);
}

/* More than an eighth of its ring came since the last look. */
static bool is_busy(const struct perf_ring *ring)
{
	return (ring->marked - ring->page->data_tail) * 8 > ring->size_bytes - ring->page_bytes;
}

static bool drain(struct source *source, uint32_t number, bool is_of_faults)
{
	static const struct trace_perf_sink sink = {
		.sched = on_switch, .fault = on_fault, .lost = on_lost};

	bool was_busy;

	if (source->ring.page == NULL)
		return false;
	perf_ring_mark(&source->ring);
	was_busy = is_busy(&source->ring);
	perf_ring_drain(&source->ring, watch.record, number, is_of_faults, &sink);
	return was_busy;
}

static void take_runs(void)
{
	size_t count;
	const struct spool_run *runs = sched_runs_look(watch.runs, watch.pid, rt_now_ns(), &count);

	if (count != 0)
		watch.store(SPOOL_RUN, 0, runs, count * sizeof *runs);
}

bool trace_switches_take(bool is_last)
{
	bool are_busy = false;

	if (watch.cpus == NULL || watch.runs == NULL)
		return false;
	for (uint32_t i = 0; i < watch.cpu_count; i++) {
		are_busy |= drain(&watch.cpus[i].switches, i, false);
		are_busy |= drain(&watch.cpus[i].faults, i, true);
		if (is_last) {
			store_switches(i);
			store_faults(i);
		}
	}
	take_runs();
	return are_busy;
}

static void close_source(struct source *source)
{
	if (source->ring.page != NULL)
		rt_unmap(source->ring.page, source->ring.size_bytes);
}

void trace_switches_close(void)
{
	for (size_t i = 0; i < watch.fd_count; i++)
		syscall(SYS_close, watch.fds[i]);
	watch.fd_count = 0;
	for (size_t i = 0; watch.cpus != NULL && i < watch.cpu_count; i++) {
		close_source(&watch.cpus[i].switches);
		close_source(&watch.cpus[i].faults);
	}
	rt_unmap(watch.cpus, watch.size_bytes);
	rt_unmap(watch.runs, sizeof *watch.runs);
	watch.cpus = NULL;
	watch.runs = NULL;
}
