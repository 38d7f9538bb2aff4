/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/cpu/cpu.h"

enum { PAGE_BYTES = 4096 };

long clock_perf_open(uint32_t tid, uint64_t period_ns, bool is_disabled)
{
	struct perf_event_attr attr;

	memset(&attr, 0, sizeof attr);
	attr.size = sizeof attr;
	attr.type = PERF_TYPE_SOFTWARE;
	attr.config = PERF_COUNT_SW_TASK_CLOCK;
	attr.sample_period = period_ns;
	attr.wakeup_events = 1;
	attr.disabled = is_disabled;
	attr.exclude_kernel = 1;
	attr.exclude_hv = 1;
	return syscall(SYS_perf_event_open, &attr, tid, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

int clock_perf_probe(void)
{
	long fd = clock_perf_open(0, 1000000, false);

	if (fd < 0)
		return -errno;
	syscall(SYS_close, fd);
	return 0;
}

/* Start a clock of this thread, for one tick or for many. The mapping keeps it running after its descriptor is closed: a test that counts its
 * descriptors, uses them up or closes them all meets none of ours. */
static bool clock_start(struct rt_thread *thread, uint64_t period_ns, bool is_once)
{
	struct f_owner_ex owner = {F_OWNER_TID, (int)thread->tid};
	long fd = clock_perf_open(0, period_ns, is_once);
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
	if (is_once)
		syscall(SYS_ioctl, fd, PERF_EVENT_IOC_REFRESH, 1L);
	syscall(SYS_close, fd);
	return true;
}

uint64_t clock_phase(uint32_t tid, uint64_t period_ns)
{
	uint64_t value = rt_now_ns() + tid * UINT64_C(0x9E3779B97F4A7C15);

	value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
	return 1 + (value ^ value >> 31) % period_ns;
}

/* A thread's first sample comes after a random part of the period. Threads that end after 3.9 periods would otherwise
 * have 3 samples each, those that end before the first none, and a program of many short threads would lose a third of
 * its samples. With the random phase a thread has as many as it has periods, on the average.
 *
 * It ticks once: a random period may be shorter than a timer's interrupt takes, and a clock of that period would leave the
 * thread no time to get through the handler (in a virtual machine a tick costs 25 to 50 µs; 0.1 s stalls were seen). */
bool clock_perf_begin(struct rt_thread *thread)
{
	thread->clock_is_first = true;
	return clock_start(thread, clock_phase(thread->tid, rt_rec->config.period_ns), true);
}

/* The period of a clock can't be changed without its descriptor: another one takes over. */
void clock_perf_settle(struct rt_thread *thread)
{
	void *first = thread->clock;

	if (!thread->clock_is_first)
		return;
	thread->clock_is_first = false;
	if (clock_start(thread, rt_rec->config.period_ns, false))
		rt_unmap(first, PAGE_BYTES);
	else /* no descriptor left: the thread has had its only sample */
		atomic_fetch_add_explicit(&rt_rec->state.events_dropped, 1, memory_order_relaxed);
}

void clock_perf_end(struct rt_thread *thread)
{
	rt_unmap(thread->clock, PAGE_BYTES);
	thread->clock = NULL;
}
