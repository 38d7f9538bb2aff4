/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_perf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/xalloc.h"

/* Pages of a ring, a power of two. A switch takes 40 bytes, and 4 MiB hold 100,000 of them: what a CPU that does nothing else
 * makes in 50 ms. An ordinary user has 516 kB for each CPU together (perf_event_mlock_kb). */
enum { SWITCH_PAGES_MOST = 1024, FAULT_PAGES_MOST = 256, PAGES_LEAST = 8 };

/* Events of one CPU and what they write to. */
struct ring {
	int fd;
	struct perf_ring is; /* page is NULL: there is none */
};

struct trace_perf {
	size_t cpu_count, page_bytes;
	struct ring *switches, *faults; /* by CPU */
	bool has_faults;
	_Alignas(8) uint8_t record[PERF_RECORD_BYTES];
};

/* As large as the kernel allows. */
static bool map_ring(struct ring *ring, size_t page_bytes, size_t most)
{
	for (size_t pages = most; pages >= PAGES_LEAST; pages /= 2) {
		ring->is.page_bytes = page_bytes;
		ring->is.size_bytes = (pages + 1) * page_bytes;
		ring->is.page = mmap(NULL, ring->is.size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
				     ring->fd, 0);
		if (ring->is.page != MAP_FAILED)
			return true;
	}
	ring->is.page = NULL;
	return false;
}

static void close_rings(struct ring *rings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (rings[i].is.page != NULL)
			munmap(rings[i].is.page, rings[i].is.size_bytes);
		if (rings[i].fd >= 0)
			close(rings[i].fd);
	}
	free(rings);
}

/* NULL with errno set when there is none on any CPU. A CPU that is off has none. */
static struct ring *open_rings(pid_t child, size_t count, size_t page_bytes, bool is_of_faults)
{
	struct perf_event_attr attr = perf_ring_attr(is_of_faults);
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
		if (rings[i].is.page != NULL)
			perf_ring_mark(&rings[i].is);
}

void trace_perf_mark(struct trace_perf *perf)
{
	mark_rings(perf->switches, perf->cpu_count);
	mark_rings(perf->faults, perf->cpu_count);
}

void trace_perf_drain(struct trace_perf *perf, const struct trace_perf_sink *sink)
{
	for (size_t cpu = 0; cpu < perf->cpu_count; cpu++) {
		if (perf->switches[cpu].is.page != NULL)
			perf_ring_drain(&perf->switches[cpu].is, perf->record, (uint32_t)cpu, false,
					sink);
		if (perf->has_faults && perf->faults[cpu].is.page != NULL)
			perf_ring_drain(&perf->faults[cpu].is, perf->record, (uint32_t)cpu, true,
					sink);
	}
}
