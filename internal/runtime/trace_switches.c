/* SPDX-License-Identifier: MIT */
#include "runtime/trace_switches.h"

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
#include "runtime/rt.h"
#include "runtime/trace_threads.h"

/* A ring of 64 pages holds 6,000 switches: what a CPU that does nothing else makes in 5 ms. */
enum { PAGES_MOST = 64, PAGES_LEAST = 8, FDS_MOST = 256, BLOCK = 512 };

struct cpu {
	struct perf_ring ring; /* page is NULL: there is none */
	int first;	       /* the event that the ring is of */
	struct spool_switch items[BLOCK];
	size_t count;
};

/* Of the thread that takes away. */
static struct {
	trace_switches_store *store;
	struct cpu *cpus;
	size_t cpu_count, size_bytes;
	int fds[FDS_MOST];
	size_t fd_count;
	int error; /* errno of the first refusal, 0 */
	uint32_t own_tid, pid;
	_Alignas(8) uint8_t record[PERF_RECORD_BYTES];
} watch;

static bool map_ring(struct cpu *cpu)
{
	cpu->ring.page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	for (size_t pages = PAGES_MOST; pages >= PAGES_LEAST; pages /= 2) {
		cpu->ring.size_bytes = (pages + 1) * cpu->ring.page_bytes;
		cpu->ring.page =
			(void *)syscall(SYS_mmap, NULL, cpu->ring.size_bytes,
					PROT_READ | PROT_WRITE, MAP_SHARED, cpu->first, 0L);
		if (cpu->ring.page != MAP_FAILED)
			return true;
	}
	cpu->ring.page = NULL;
	return false;
}

/* The first event of a CPU has the ring, the others write to it. */
static bool attach(struct cpu *cpu, int fd)
{
	if (cpu->ring.page != NULL)
		return syscall(SYS_ioctl, fd, PERF_EVENT_IOC_SET_OUTPUT, cpu->first) == 0;
	cpu->first = fd;
	return map_ring(cpu);
}

static void open_event(uint32_t tid, size_t number)
{
	struct perf_event_attr attr = perf_ring_attr(false);
	int fd;

	if (watch.fd_count == FDS_MOST) {
		watch.error = EMFILE;
		return;
	}
	fd = (int)syscall(SYS_perf_event_open, &attr, tid, (int)number, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd >= 0 && attach(&watch.cpus[number], fd)) {
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
	if (tid == watch.own_tid)
		return;
	for (size_t cpu = 0; cpu < watch.cpu_count; cpu++)
		open_event(tid, cpu);
}

void trace_switches_open(trace_switches_store *store)
{
	watch.store = store;
	watch.fd_count = 0;
	watch.error = 0;
	watch.own_tid = (uint32_t)syscall(SYS_gettid);
	watch.pid = (uint32_t)syscall(SYS_getpid);
	watch.cpu_count = (size_t)sysconf(_SC_NPROCESSORS_CONF);
	watch.size_bytes = watch.cpu_count * sizeof *watch.cpus;
	watch.cpus = rt_map(watch.size_bytes);
	if (watch.cpus == NULL)
		return;
	trace_threads_each(open_thread);
	if (watch.error != 0 && rt_rec->state.message[0] == '\0')
		snprintf(rt_rec->state.message, sizeof rt_rec->state.message,
			 "perf_event: %s: who ran when is not known of all threads",
			 strerror(watch.error));
}

static void store_switches(uint32_t number)
{
	struct cpu *cpu = &watch.cpus[number];

	if (cpu->count != 0)
		watch.store(SPOOL_SCHED, number, cpu->items, cpu->count * sizeof *cpu->items);
	cpu->count = 0;
}

/* Children of a fork inherit the events, too. */
static void on_switch(void *context, uint32_t number, uint32_t pid, const struct spool_switch *item)
{
	struct cpu *cpu = &watch.cpus[number];

	(void)context;
	if (number >= watch.cpu_count || pid != watch.pid)
		return;
	cpu->items[cpu->count++] = *item;
	if (cpu->count == BLOCK)
		store_switches(number);
}

static void on_lost(void *context, uint32_t number, const struct spool_lost *item)
{
	(void)context;
	if (number >= watch.cpu_count)
		return;
	store_switches(number);
	watch.store(SPOOL_LOST, number, item, sizeof *item);
}

void trace_switches_take(int is_last)
{
	static const struct trace_perf_sink sink = {.sched = on_switch, .lost = on_lost};

	for (size_t i = 0; watch.cpus != NULL && i < watch.cpu_count; i++) {
		struct cpu *cpu = &watch.cpus[i];

		if (cpu->ring.page == NULL)
			continue;
		perf_ring_mark(&cpu->ring);
		perf_ring_drain(&cpu->ring, watch.record, (uint32_t)i, false, &sink);
		if (is_last)
			store_switches((uint32_t)i);
	}
}

void trace_switches_close(void)
{
	for (size_t i = 0; i < watch.fd_count; i++)
		syscall(SYS_close, watch.fds[i]);
	watch.fd_count = 0;
	for (size_t i = 0; watch.cpus != NULL && i < watch.cpu_count; i++)
		if (watch.cpus[i].ring.page != NULL)
			rt_unmap(watch.cpus[i].ring.page, watch.cpus[i].ring.size_bytes);
	rt_unmap(watch.cpus, watch.size_bytes);
	watch.cpus = NULL;
}
