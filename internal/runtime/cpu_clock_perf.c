/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/cpu.h"

enum { PAGE_BYTES = 4096 };

static long clock_open(uint64_t period_ns)
{
	struct perf_event_attr attr;

	memset(&attr, 0, sizeof attr);
	attr.size = sizeof attr;
	attr.type = PERF_TYPE_SOFTWARE;
	attr.config = PERF_COUNT_SW_TASK_CLOCK;
	attr.sample_period = period_ns;
	attr.wakeup_events = 1;
	attr.disabled = 1;
	attr.exclude_kernel = 1;
	attr.exclude_hv = 1;
	return syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

int clock_perf_probe(void)
{
	long fd = clock_open(1000000);

	if (fd < 0)
		return -errno;
	syscall(SYS_close, fd);
	return 0;
}

/* The mapping keeps the clock running after its descriptor is closed: a test that counts its descriptors, uses them
 * up or closes them all meets none of ours. */
bool clock_perf_begin(struct rt_thread *thread)
{
	struct f_owner_ex owner = {F_OWNER_TID, (int)thread->tid};
	long fd = clock_open(rt_rec->config.period_ns);
	void *page;

	if (fd < 0)
		return false;
	page = (void *)syscall(SYS_mmap, NULL, (size_t)PAGE_BYTES, PROT_READ, MAP_SHARED, fd, 0L);
	if (page == MAP_FAILED) {
		syscall(SYS_close, fd);
		return false;
	}
	thread->clock = page;
	syscall(SYS_fcntl, fd, F_SETFL, (long)(O_ASYNC | O_NONBLOCK));
	syscall(SYS_fcntl, fd, F_SETSIG, (long)CPU_SIGNAL);
	syscall(SYS_fcntl, fd, F_SETOWN_EX, &owner);
	syscall(SYS_ioctl, fd, PERF_EVENT_IOC_ENABLE, 0L);
	syscall(SYS_close, fd);
	return true;
}

void clock_perf_end(struct rt_thread *thread)
{
	rt_unmap(thread->clock, PAGE_BYTES);
	thread->clock = NULL;
}
