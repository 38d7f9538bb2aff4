/* SPDX-License-Identifier: MIT */
#include "runtime/sync_wait.h"

#include <errno.h>

#include "runtime/recorder.h"
#include "runtime/sync_store.h"

/* What makes this recorder the one of REC_KIND_BLOCK; the wrappers need no other start than the window. */
const struct rt_recorder rt_recorder_block = {.start = NULL};

static bool is_recording(void)
{
	return sync_is_on() && rt_thread.guard == 0 && rt_rec != NULL &&
	       rt_rec->config.kind == REC_KIND_BLOCK;
}

static uint32_t window_now(void)
{
	return atomic_load_explicit(&rt_window_number, memory_order_relaxed);
}

static void drop(uint64_t count)
{
	atomic_fetch_add_explicit(&rt_rec->table[REC_WAITS].lost, (uint32_t)count,
				  memory_order_relaxed);
}

static void record_guarded(struct rec_wait *key, uint64_t count, uint64_t delay_ns,
			   struct stack_regs regs)
{
	struct rt_thread *thread = rt_thread_self();

	key->thread = atomic_load_explicit(&thread->index, memory_order_relaxed);
	if (key->thread != UINT32_MAX)
		key->node = stack_node(thread, regs);
	if (key->node != 0)
		sync_store_add(key, count, delay_ns);
	else
		drop(count);
}

static void record(uint32_t kind, enum rec_wait_side side, struct contention_sum sum,
		   struct stack_regs regs)
{
	struct rec_wait key = {.kind = kind, .side = side};

	/* Before the guard: a thread is made ready only while it is not held. */
	rt_thread_self();
	rt_thread.guard++;
	record_guarded(&key, sum.waiters, sum.delay_ns, regs);
	rt_thread.guard--;
}

enum sync_outcome sync_outcome(int error)
{
	switch (error) {
	case 0:
	case EOWNERDEAD:
		return SYNC_DONE;
	case ETIMEDOUT:
	case ENOTRECOVERABLE:
		return SYNC_GAVE_UP;
	}
	return SYNC_REFUSED;
}

bool sync_is_deadline(clockid_t clock, const struct timespec *deadline)
{
	return deadline != NULL && (clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC) &&
	       deadline->tv_nsec >= 0 && deadline->tv_nsec < 1000000000;
}

void sync_wait_begin(struct sync_wait *wait, enum rec_wait_kind kind, const void *lock)
{
	int saved = errno;

	*wait = (struct sync_wait){.kind = kind, .lock = lock};
	if (!is_recording())
		return;
	wait->window = window_now();
	wait->start_ns = rt_now_ns();
	if (lock != NULL) {
		rt_thread.guard++;
		wait->contention = contention_enter(lock, wait->window, wait->start_ns);
		rt_thread.guard--;
	}
	errno = saved;
}

void sync_wait_end(struct sync_wait *wait, enum sync_outcome outcome, struct stack_regs regs)
{
	int saved = errno;
	struct contention_sum sum = {.waiters = 1};
	uint64_t end_ns;

	if (wait->start_ns == 0)
		return;
	end_ns = rt_now_ns();
	sum.delay_ns = end_ns - wait->start_ns;
	if (wait->contention != NULL)
		contention_leave(wait->contention, wait->start_ns, end_ns, outcome == SYNC_GAVE_UP);
	if (is_recording() && window_now() == wait->window) {
		if (wait->lock != NULL && wait->contention == NULL)
			drop(1);
		if (outcome != SYNC_REFUSED)
			record(wait->kind, REC_SIDE_WAITER, sum, regs);
	}
	errno = saved;
}

void sync_release_begin(struct sync_release *release, const void *lock)
{
	int saved = errno;

	rt_thread.guard++;
	release->window = window_now();
	release->sum = contention_release(lock, release->window, rt_now_ns());
	rt_thread.guard--;
	errno = saved;
}

void sync_release_end(const struct sync_release *release, enum rec_wait_kind kind,
		      struct stack_regs regs)
{
	int saved = errno;

	if (release->sum.waiters != 0 && is_recording() && window_now() == release->window)
		record(kind, REC_SIDE_HOLDER, release->sum, regs);
	errno = saved;
}
