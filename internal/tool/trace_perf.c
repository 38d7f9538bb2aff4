/* SPDX-License-Identifier: MIT */
#include "tool/trace_perf.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/xalloc.h"

/* Pages of a ring, a power of two. A switch takes 40 bytes, and 4 MiB hold 100,000 of them: what a CPU that does nothing else
 * makes in 50 ms. An ordinary user has 516 kB for each CPU together (perf_event_mlock_kb). */
enum { SWITCH_PAGES_MOST = 1024, FAULT_PAGES_MOST = 256, PAGES_LEAST = 8 };

/* Events of one CPU and what they write to. */
struct ring {
	int fd;
	struct perf_event_mmap_page *page; /* NULL: there is none */
	size_t size_bytes;		   /* of the mapping */
	uint64_t marked, last_ns;
};

struct trace_perf {
	size_t cpu_count, page_bytes;
	struct ring *switches, *faults; /* by CPU */
	bool has_faults;
	uint8_t record[1 << 16]; /* one that goes over a ring's end, in one piece */
};

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

static struct perf_event_attr attr_of(bool is_of_faults)
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

/* As large as the kernel allows. */
static bool map_ring(struct ring *ring, size_t page_bytes, size_t most)
{
	for (size_t pages = most; pages >= PAGES_LEAST; pages /= 2) {
		ring->size_bytes = (pages + 1) * page_bytes;
		ring->page = mmap(NULL, ring->size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
				  ring->fd, 0);
		if (ring->page != MAP_FAILED)
			return true;
	}
	ring->page = NULL;
	return false;
}

static void close_rings(struct ring *rings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (rings[i].page != NULL)
			munmap(rings[i].page, rings[i].size_bytes);
		if (rings[i].fd >= 0)
			close(rings[i].fd);
	}
	free(rings);
}

/* NULL with errno set when there is none on any CPU. A CPU that is off has none. */
static struct ring *open_rings(pid_t child, size_t count, size_t page_bytes, bool is_of_faults)
{
	struct perf_event_attr attr = attr_of(is_of_faults);
	struct ring *rings = xcalloc(count, sizeof *rings);
	size_t good = 0;
	int error = ENODEV;

	for (size_t cpu = 0; cpu < count; cpu++) {
		rings[cpu].fd = (int)syscall(SYS_perf_event_open, &attr, child, (int)cpu, -1,
					     PERF_FLAG_FD_CLOEXEC);
		if (rings[cpu].fd >= 0 &&
		    map_ring(&rings[cpu], page_bytes,
			     is_of_faults ? FAULT_PAGES_MOST : SWITCH_PAGES_MOST))
			good++;
		else if (errno != ENODEV)
			error = errno;
	}
	if (good > 0 && error == ENODEV)
		return rings;
	close_rings(rings, count);
	errno = error;
	return NULL;
}

struct trace_perf *trace_perf_open(pid_t child, char *why, size_t why_size)
{
	struct trace_perf *perf = xcalloc(1, sizeof *perf);

	perf->cpu_count = (size_t)sysconf(_SC_NPROCESSORS_CONF);
	perf->page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	perf->switches = open_rings(child, perf->cpu_count, perf->page_bytes, false);
	if (perf->switches == NULL) {
		snprintf(why, why_size, "perf_event: %s", strerror(errno));
		free(perf);
		return NULL;
	}
	perf->faults = open_rings(child, perf->cpu_count, perf->page_bytes, true);
	perf->has_faults = perf->faults != NULL;
	return perf;
}

bool trace_perf_has_faults(const struct trace_perf *perf)
{
	return perf->has_faults;
}

void trace_perf_close(struct trace_perf *perf)
{
	if (perf == NULL)
		return;
	close_rings(perf->switches, perf->cpu_count);
	if (perf->has_faults)
		close_rings(perf->faults, perf->cpu_count);
	free(perf);
}

static void mark_rings(struct ring *rings, size_t count)
{
	for (size_t i = 0; rings != NULL && i < count; i++)
		if (rings[i].page != NULL)
			rings[i].marked =
				__atomic_load_n(&rings[i].page->data_head, __ATOMIC_ACQUIRE);
}

void trace_perf_mark(struct trace_perf *perf)
{
	mark_rings(perf->switches, perf->cpu_count);
	mark_rings(perf->faults, perf->cpu_count);
}

/* The record at a place of the ring, in one piece; NULL for what is none. */
static const struct perf_event_header *record_at(struct trace_perf *perf, const struct ring *ring,
						 uint64_t at)
{
	const uint8_t *data = (const uint8_t *)ring->page + perf->page_bytes;
	size_t size = ring->size_bytes - perf->page_bytes, from = at & (size - 1);
	const struct perf_event_header *header =
		(const struct perf_event_header *)(const void *)(data + from);

	if (header->size < sizeof *header || header->size > ring->marked - at)
		return NULL;
	if (from + header->size <= size)
		return header;
	memcpy(perf->record, data + from, size - from);
	memcpy(perf->record + size - from, data, header->size - (size - from));
	return (const struct perf_event_header *)(const void *)perf->record;
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

static void take_lost(const struct ring *ring, uint32_t cpu, const struct perf_event_header *header,
		      const struct trace_perf_sink *sink)
{
	uint64_t count = ((const uint64_t *)(const void *)(header + 1))[1];
	struct spool_lost item = {ring->last_ns, id_of(header)->ns, count};

	sink->lost(sink->context, cpu, &item);
}

static void drain_ring(struct trace_perf *perf, struct ring *ring, uint32_t cpu,
		       const struct trace_perf_sink *sink, bool is_of_faults)
{
	const struct perf_event_header *header;
	uint64_t at = ring->page->data_tail;

	for (; at < ring->marked; at += header->size) {
		uint64_t ns;

		header = record_at(perf, ring, at);
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

void trace_perf_drain(struct trace_perf *perf, const struct trace_perf_sink *sink)
{
	for (size_t cpu = 0; cpu < perf->cpu_count; cpu++) {
		if (perf->switches[cpu].page != NULL)
			drain_ring(perf, &perf->switches[cpu], (uint32_t)cpu, sink, false);
		if (perf->has_faults && perf->faults[cpu].page != NULL)
			drain_ring(perf, &perf->faults[cpu], (uint32_t)cpu, sink, true);
	}
}
