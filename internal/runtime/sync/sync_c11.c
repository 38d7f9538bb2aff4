/* SPDX-License-Identifier: MIT */
/* The same in C11's names: glibc's do not go through pthread's symbols. */
#include <errno.h>

#include "runtime/sync/sync_mutex_kind.h"
#include "runtime/sync/sync_real.h"
#include "runtime/sync/sync_wait.h"

static enum sync_outcome outcome(int result)
{
	switch (result) {
	case thrd_success:
		return SYNC_DONE;
	case thrd_timedout:
		return SYNC_GAVE_UP;
	}
	return SYNC_REFUSED;
}

static __attribute__((noinline)) int lock_slow(mtx_t *lock, struct stack_regs regs)
{
	int result;

	SYNC_TIMED(result, REC_WAIT_MUTEX, lock, sync_real.mtx_lock(lock), outcome(result), regs);
	return result;
}

RT_EXPORT int mtx_lock(mtx_t *mutex)
{
	int result;

	if (rt_likely(!sync_is_on()) || mtx_is_alone(mutex))
		return sync_real.mtx_lock(mutex);
	result = sync_real.mtx_trylock(mutex);
	if (rt_likely(result != thrd_busy))
		return result;
	result = lock_slow(mutex, stack_regs_here());
	SYNC_KEEP_FRAME();
	return result;
}

RT_EXPORT int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict deadline)
{
	int result;

	if (!sync_is_on() || !sync_is_deadline(CLOCK_REALTIME, deadline))
		return sync_real.mtx_timedlock(mutex, deadline);
	result = sync_real.mtx_trylock(mutex);
	if (result == thrd_busy)
		SYNC_TIMED(result, REC_WAIT_MUTEX, mutex, sync_real.mtx_timedlock(mutex, deadline),
			   outcome(result), stack_regs_here());
	return result;
}

static __attribute__((noinline)) int unlock_slow(mtx_t *lock, struct stack_regs regs)
{
	int result;

	SYNC_RELEASED(result, REC_WAIT_MUTEX, lock, sync_real.mtx_unlock(lock), regs);
	return result;
}

RT_EXPORT int mtx_unlock(mtx_t *mutex)
{
	int result;

	if (rt_likely(!contention_is_near(mutex)) || !mtx_is_last_unlock(mutex))
		return sync_real.mtx_unlock(mutex);
	result = unlock_slow(mutex, stack_regs_here());
	SYNC_KEEP_FRAME();
	return result;
}

RT_EXPORT int cnd_wait(cnd_t *cond, mtx_t *mutex)
{
	int result;

	if (!sync_is_on())
		return sync_real.cnd_wait(cond, mutex);
	if (mtx_is_last_unlock(mutex))
		SYNC_RELEASE_EARLY(mutex);
	SYNC_TIMED(result, REC_WAIT_COND, cond, sync_real.cnd_wait(cond, mutex), outcome(result),
		   stack_regs_here());
	return result;
}

RT_EXPORT int cnd_timedwait(cnd_t *restrict cond, mtx_t *restrict mutex,
			    const struct timespec *restrict deadline)
{
	int result;

	if (!sync_is_on())
		return sync_real.cnd_timedwait(cond, mutex, deadline);
	if (mtx_is_last_unlock(mutex))
		SYNC_RELEASE_EARLY(mutex);
	SYNC_TIMED(result, REC_WAIT_COND, cond, sync_real.cnd_timedwait(cond, mutex, deadline),
		   outcome(result), stack_regs_here());
	return result;
}

/* C11 has no way to ask whether a thread has ended: joining one that has counts too, with next to no delay. */
RT_EXPORT int thrd_join(thrd_t handle, int *value)
{
	int result;

	if (!sync_is_on())
		return sync_real.thrd_join(handle, value);
	SYNC_TIMED(result, REC_WAIT_JOIN, (const void *)handle, sync_real.thrd_join(handle, value),
		   outcome(result), stack_regs_here());
	return result;
}

/* 0: slept; -1: a signal came; less: an error. */
RT_EXPORT int thrd_sleep(const struct timespec *request, struct timespec *rest)
{
	int result;

	if (!sync_is_on())
		return sync_real.thrd_sleep(request, rest);
	SYNC_CALLED(result, REC_WAIT_SLEEP, SLEEP, -1, sync_real.thrd_sleep(request, rest),
		    result == 0 ? 0 : -EINTR, result >= -1 ? SYNC_DONE : SYNC_REFUSED);
	return result;
}
