/* SPDX-License-Identifier: MIT */
#include "runtime/bench/bench_counters.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "runtime/rt.h"
#include "runtime/usage.h"

/* Where a counter comes from: an event of perf_event, the process's CPU clock, or a field of struct rusage. The last two need
 * no permission. */
enum source { FROM_PERF, FROM_CPU_CLOCK, FROM_FAULTS, FROM_SWITCHES };

static const struct {
	enum source source;
	uint64_t event;
} sources[REC_COUNTER_COUNT] = {
	[REC_COUNTER_INSTRUCTIONS] = {FROM_PERF, PERF_COUNT_HW_INSTRUCTIONS},
	[REC_COUNTER_CYCLES] = {FROM_PERF, PERF_COUNT_HW_CPU_CYCLES},
	[REC_COUNTER_TASK_CLOCK] = {FROM_CPU_CLOCK, 0},
	[REC_COUNTER_PAGE_FAULTS] = {FROM_FAULTS, 0},
	[REC_COUNTER_SWITCHES] = {FROM_SWITCHES, 0},
};

/* Descriptors start here where possible: the test expects the low numbers. */
enum { HIGH_FD = 900 };

static int fds[REC_COUNTER_COUNT];

/* A descriptor, or -errno. Reading one that others inherit sums over all threads. */
static int event_open(uint64_t event)
{
	struct perf_event_attr attr;
	long fd, high;

	memset(&attr, 0, sizeof attr);
	attr.size = sizeof attr;
	attr.type = PERF_TYPE_HARDWARE;
	attr.config = event;
	attr.inherit = 1;
	attr.exclude_kernel = 1; /* or it takes a privilege */
	attr.exclude_hv = 1;
	fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return -errno;
	high = syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, (long)HIGH_FD);
	if (high < 0)
		return (int)fd;
	syscall(SYS_close, fd);
	return (int)high;
}

void bench_counters_begin(void)
{
	uint32_t wanted = rt_rec->config.bench.counters;

	for (int i = 0; i < REC_COUNTER_COUNT; i++) {
		int fd = 0;

		if ((wanted & 1u << i) == 0)
			continue;
		if (sources[i].source == FROM_PERF)
			fd = event_open(sources[i].event);
		fds[i] = fd;
		if (fd < 0)
			rt_rec->state.counter_error[i] = fd;
		else
			rt_rec->state.counters |= 1u << i;
	}
}

/* Of all threads, also those that have ended. The system's, even where the program mocks clock_gettime. */
static uint64_t cpu_ns(void)
{
	struct timespec now = {0};

	syscall(SYS_clock_gettime, CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t value_of(int counter, const struct rusage *usage)
{
	uint64_t value = 0;

	switch (sources[counter].source) {
	case FROM_CPU_CLOCK:
		return cpu_ns();
	case FROM_FAULTS:
		return (uint64_t)(usage->ru_minflt + usage->ru_majflt);
	case FROM_SWITCHES:
		return (uint64_t)(usage->ru_nvcsw + usage->ru_nivcsw);
	case FROM_PERF:
		break;
	}
	if (syscall(SYS_read, fds[counter], &value, sizeof value) == (long)sizeof value)
		return value;
	/* The test has closed it. */
	rt_rec->state.counters &= ~(1u << counter);
	rt_rec->state.counter_error[counter] = -EBADF;
	return 0;
}

void bench_counters_read(uint64_t values[static REC_COUNTER_COUNT])
{
	uint32_t counted = rt_rec != NULL ? rt_rec->state.counters : 0;
	struct rusage usage;

	memset(values, 0, REC_COUNTER_COUNT * sizeof *values);
	if (counted == 0)
		return;
	usage_now(&usage);
	for (int i = 0; i < REC_COUNTER_COUNT; i++)
		if ((counted & 1u << i) != 0)
			values[i] = value_of(i, &usage);
}
