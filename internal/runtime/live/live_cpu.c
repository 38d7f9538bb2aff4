/* SPDX-License-Identifier: MIT */
#include "runtime/live/live_cpu.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "runtime/cpu/cpu.h"
#include "runtime/live/live_clocks.h"
#include "runtime/live/live_ring.h"
#include "runtime/live/live_snapshot.h"
#include "runtime/live/live_stacks.h"
#include "runtime/thread.h"

/* Handlers that are at a sample have so long to finish it, when a profile ends. */
#define PATIENCE_NS UINT64_C(1000000000)

enum state { IDLE, CHANGING, RUNNING };

static _Atomic int state;
static _Atomic bool is_sampling; /* clocks are there or being made */
static _Atomic bool is_over;	 /* the watcher is to end */
static _Atomic bool is_ready;	 /* all threads have their clocks */
static _Atomic uint32_t inside;	 /* handlers that are at a sample */
static struct live_ring ring;
static pthread_t watcher;
static uint64_t start_ns, start_cpu_ns;

static void tell(uint32_t tid, enum live_ring_what what)
{
	if (live_ring_put(&ring, tid, what))
		syscall(SYS_futex, &ring.put, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* Whoever ends a profile clears is_sampling and then looks at `inside`. */
static void sample(const void *ucontext, bool is_first)
{
	const struct rt_thread *thread = rt_thread_self_in_handler();

	atomic_fetch_add(&inside, 1);
	if (atomic_load(&is_sampling)) {
		cpu_sample(ucontext);
		if (is_first && thread->ready)
			tell(thread->tid, LIVE_RING_TICKED);
	}
	atomic_fetch_sub(&inside, 1);
}

static void on_signal(int number, siginfo_t *info, void *ucontext)
{
	int saved = errno;

	if (!live_clock_sent(info))
		cpu_signal_forward(number, info, ucontext);
	else if (rt_rec != NULL && live_stacks_sample(info, ucontext))
		; /* not the profile's */
	else if (atomic_load_explicit(&is_sampling, memory_order_relaxed) && rt_rec != NULL)
		sample(ucontext, live_clock_is_first(info));
	errno = saved;
}

void live_cpu_init(void)
{
	cpu_signal_own(on_signal);
}

void live_cpu_thread_begin(const struct rt_thread *thread)
{
	cpu_signal_admit();
	if (atomic_load_explicit(&is_sampling, memory_order_relaxed))
		tell(thread->tid, LIVE_RING_BEGAN);
}

void live_cpu_thread_end(const struct rt_thread *thread)
{
	if (atomic_load_explicit(&is_sampling, memory_order_relaxed))
		tell(thread->tid, LIVE_RING_ENDED);
}

static void take(uint32_t tid, enum live_ring_what what)
{
	switch (what) {
	case LIVE_RING_BEGAN:
		live_clock_add(tid);
		break;
	case LIVE_RING_TICKED:
		live_clock_settle(tid);
		break;
	case LIVE_RING_ENDED:
		live_clock_remove(tid);
		break;
	}
}

/* Also woken every second, in case that a wake came before the wait. */
static void *watch(void *nothing)
{
	struct timespec second = {1, 0};

	live_clocks_look();
	atomic_store(&is_ready, true);
	while (!atomic_load(&is_over)) {
		uint32_t seen = atomic_load(&ring.put);

		if (!live_ring_take(&ring, take)) {
			live_clocks_look();
			live_clocks_settle_all();
		}
		if (!atomic_load(&is_over))
			syscall(SYS_futex, &ring.put, FUTEX_WAIT_PRIVATE, seen, &second, NULL, 0);
	}
	live_clocks_end();
	return nothing;
}

static void pass(uint64_t ns)
{
	struct timespec time = {0, (long)ns};

	syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &time, NULL);
}

static int start(uint64_t period_ns)
{
	int error;

	rt_rec->state.clock = live_clocks_begin(period_ns, &error);
	if (error != 0)
		return error;
	rt_rec->config.period_ns = period_ns;
	start_ns = rt_now_ns();
	start_cpu_ns = rt_clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	live_ring_empty(&ring);
	atomic_store(&is_over, false);
	atomic_store(&is_ready, false);
	atomic_store(&is_sampling, true);
	error = pthread_create(&watcher, NULL, watch, NULL);
	if (error != 0) {
		atomic_store(&is_sampling, false);
		return -error;
	}
	while (!atomic_load(&is_ready))
		pass(PATIENCE_NS / 10000);
	return 0;
}

int live_cpu_start(unsigned hz)
{
	int is_idle = IDLE, error;

	if (hz < 1 || hz > 10000)
		return -EINVAL;
	if (!atomic_compare_exchange_strong(&state, &is_idle, CHANGING))
		return -EBUSY;
	error = start(UINT64_C(1000000000) / hz);
	atomic_store(&state, error == 0 ? RUNNING : IDLE);
	return error;
}

/* One that is still at it then (stopped by a debugger) puts its sample into the next profile. */
static void wait_for_handlers(void)
{
	uint64_t until_ns = rt_now_ns() + PATIENCE_NS;

	while (atomic_load(&inside) != 0 && rt_now_ns() < until_ns)
		pass(PATIENCE_NS / 10000);
}

/* The pages are given back, and are zero when they are used again. */
static void forget_samples(void)
{
	struct rec_table *table = &rt_rec->table[REC_SAMPLES];
	size_t size = ((size_t)table->cap * table->item_size + 4095) & ~(size_t)4095;

	syscall(SYS_madvise, rt_table(SAMPLES, struct rec_sample), size, MADV_REMOVE);
	atomic_store(&table->lost, 0);
	atomic_store(&table->len, 0);
}

int live_cpu_stop(void)
{
	int is_running = RUNNING, fd;

	if (!atomic_compare_exchange_strong(&state, &is_running, CHANGING))
		return -EINVAL;
	atomic_store(&is_sampling, false);
	atomic_store(&is_over, true);
	atomic_fetch_add(&ring.put, 1);
	syscall(SYS_futex, &ring.put, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	pthread_join(watcher, NULL);
	wait_for_handlers();
	rt_rec->state.wall_ns = rt_now_ns() - start_ns;
	rt_rec->state.cpu_ns = rt_clock_ns(CLOCK_PROCESS_CPUTIME_ID) - start_cpu_ns;
	fd = live_snapshot_with_samples();
	forget_samples();
	atomic_store(&state, IDLE);
	return fd;
}
