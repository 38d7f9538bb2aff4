/* SPDX-License-Identifier: MIT */
#include "runtime/live/live_clocks.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "runtime/cpu/cpu.h"
#include "runtime/rt.h"
#include "runtime/thread.h"
#include "runtime/trace/trace_threads.h"

struct clock {
	uint32_t tid;
	int handle; /* a descriptor, or a timer's number */
	bool is_seen;
	bool is_settled;
};

/* Descriptors that clocks leave to whoever asks meanwhile: of as many as there may be a quarter, and no more than connections and
 * snapshots take. */
enum { SPARE_DESCRIPTORS = 32 };

static struct clock *clocks; /* LIVE_CLOCK_CAP, mapped at first use */
static uint32_t count;
static enum rec_clock kind;
static uint64_t period_ns;
static long descriptor_limit; /* clocks have lower ones */

/* What a timer's signal brings along. */
static const char mark;

/* Let it tick once. */
static void event_arm(long fd, uint32_t tid)
{
	struct f_owner_ex owner = {F_OWNER_TID, (int)tid};

	syscall(SYS_fcntl, fd, F_SETFL, (long)(O_ASYNC | O_NONBLOCK));
	syscall(SYS_fcntl, fd, F_SETSIG, (long)CPU_SIGNAL);
	syscall(SYS_fcntl, fd, F_SETOWN_EX, &owner);
	syscall(SYS_ioctl, fd, PERF_EVENT_IOC_REFRESH, 1L);
}

/* It stands still after its first tick, until it is settled. */
static int event_start(uint32_t tid, uint64_t first_ns)
{
	long fd = clock_perf_open(tid, first_ns, true);

	if (fd < 0)
		return -errno;
	if (fd >= descriptor_limit) {
		syscall(SYS_close, fd);
		return -EMFILE;
	}
	event_arm(fd, tid);
	return (int)fd;
}

static long limit_of_descriptors(void)
{
	struct rlimit limit;
	long count_max, spare;

	if (syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &limit) != 0 || limit.rlim_cur > INT_MAX)
		return INT_MAX;
	count_max = (long)limit.rlim_cur;
	spare = count_max / 4 < SPARE_DESCRIPTORS ? count_max / 4 : SPARE_DESCRIPTORS;
	return count_max - spare;
}

void live_clock_once(uint32_t tid, uint64_t after_ns, _Atomic int *handle)
{
	long fd = clock_perf_open(tid, after_ns, true);

	if (fd < 0)
		return;
	atomic_store(handle, (int)fd);
	event_arm(fd, tid);
}

/* The CPU time of a thread as a clock: CPUCLOCK_SCHED | CPUCLOCK_PERTHREAD_MASK of the kernel's posix-timers.h. */
static long clock_of_thread(uint32_t tid)
{
	return (long)(int)(~tid << 3 | 6);
}

static struct timespec timespec_of(uint64_t ns)
{
	return (struct timespec){(time_t)(ns / 1000000000), (long)(ns % 1000000000)};
}

static int timer_start(uint32_t tid, uint64_t first_ns)
{
	struct sigevent event;
	struct itimerspec times = {timespec_of(period_ns), timespec_of(first_ns)};
	int timer;

	memset(&event, 0, sizeof event);
	event.sigev_notify = SIGEV_THREAD_ID;
	event.sigev_signo = CPU_SIGNAL;
	event.sigev_value.sival_ptr = (void *)(uintptr_t)&mark;
	event._sigev_un._tid = (int)tid;
	if (syscall(SYS_timer_create, clock_of_thread(tid), &event, &timer) != 0)
		return -errno;
	syscall(SYS_timer_settime, timer, 0, &times, NULL);
	return timer;
}

static void clock_close(const struct clock *clock)
{
	syscall(kind == REC_CLOCK_PERF ? SYS_close : SYS_timer_delete, clock->handle);
}

/* Tried on the calling thread. */
static int probe(int (*start)(uint32_t, uint64_t), enum rec_clock tried)
{
	uint32_t tid = (uint32_t)syscall(SYS_gettid);
	struct clock clock = {.tid = tid, .handle = start(tid, UINT64_C(1) << 62)};

	if (clock.handle < 0)
		return clock.handle;
	kind = tried;
	clock_close(&clock);
	return 0;
}

enum rec_clock live_clocks_begin(uint64_t asked_period_ns, int *error)
{
	period_ns = asked_period_ns;
	count = 0;
	descriptor_limit = limit_of_descriptors();
	atomic_store(&rt_rec->state.clockless, 0);
	if (clocks == NULL)
		clocks = rt_map(LIVE_CLOCK_CAP * sizeof *clocks);
	*error = clocks == NULL ? -ENOMEM : probe(event_start, REC_CLOCK_PERF);
	if (*error != 0 && clocks != NULL)
		*error = probe(timer_start, REC_CLOCK_TIMER);
	return *error == 0 ? kind : REC_CLOCK_NONE;
}

static struct clock *find(uint32_t tid)
{
	for (uint32_t i = 0; i < count; i++)
		if (clocks[i].tid == tid)
			return &clocks[i];
	return NULL;
}

void live_clock_add(uint32_t tid)
{
	struct clock *clock = find(tid);
	int handle = -EMFILE;

	if (clock != NULL) {
		clock->is_seen = true;
		return;
	}
	if (count < LIVE_CLOCK_CAP)
		handle = (kind == REC_CLOCK_PERF ? event_start
						 : timer_start)(tid, clock_phase(tid, period_ns));
	if (handle >= 0)
		clocks[count++] = (struct clock){tid, handle, true, kind != REC_CLOCK_PERF};
	else if (handle != -ESRCH && handle != -EINVAL) /* it has ended */
		atomic_fetch_add(&rt_rec->state.clockless, 1);
}

static void remove_at(struct clock *clock)
{
	clock_close(clock);
	*clock = clocks[--count];
}

void live_clock_remove(uint32_t tid)
{
	struct clock *clock = find(tid);

	if (clock != NULL)
		remove_at(clock);
}

static void settle(struct clock *clock)
{
	if (clock->is_settled)
		return;
	clock->is_settled = true;
	syscall(SYS_ioctl, clock->handle, PERF_EVENT_IOC_PERIOD, &period_ns);
	syscall(SYS_ioctl, clock->handle, PERF_EVENT_IOC_ENABLE, 0L);
}

void live_clock_settle(uint32_t tid)
{
	struct clock *clock = find(tid);

	if (clock != NULL)
		settle(clock);
}

void live_clocks_settle_all(void)
{
	for (uint32_t i = 0; i < count; i++)
		settle(&clocks[i]);
}

static void see(uint32_t tid)
{
	if (!thread_is_own(tid))
		live_clock_add(tid);
}

void live_clocks_look(void)
{
	for (uint32_t i = 0; i < count; i++)
		clocks[i].is_seen = false;
	trace_threads_each(see);
	for (uint32_t i = count; i-- > 0;)
		if (!clocks[i].is_seen)
			remove_at(&clocks[i]);
}

void live_clocks_end(void)
{
	while (count > 0)
		remove_at(&clocks[count - 1]);
}

/* The kernel marks a descriptor's signals with POLL_* codes. */
bool live_clock_sent(const siginfo_t *info)
{
	return info->si_code == POLL_IN || info->si_code == POLL_HUP ||
	       (info->si_code == SI_TIMER && info->si_value.sival_ptr == &mark);
}

bool live_clock_is_first(const siginfo_t *info)
{
	return info->si_code == POLL_HUP;
}
