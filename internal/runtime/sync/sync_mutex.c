/* SPDX-License-Identifier: MIT */
/* Mutexes and spin locks of pthread.
 *
 * Trying first tells a lock that is free from one to wait for. It changes nothing for any kind of mutex: what trylock
 * answers besides EBUSY (EOWNERDEAD, ENOTRECOVERABLE, EAGAIN of a recursive one, EINVAL of a ceiling) lock
 * would have answered too, and after EBUSY the real function decides. */
#include <errno.h>

#include "runtime/sync/sync_mutex_kind.h"
#include "runtime/sync/sync_real.h"
#include "runtime/sync/sync_wait.h"

static __attribute__((noinline)) int lock_slow(pthread_mutex_t *lock, struct stack_regs regs)
{
	int error;

	SYNC_TIMED(error, REC_WAIT_MUTEX, lock, sync_real.pthread_mutex_lock(lock),
		   sync_outcome(error), regs);
	return error;
}

RT_EXPORT int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	int error;

	if (rt_likely(!sync_is_on()) || mutex_is_alone(mutex))
		return sync_real.pthread_mutex_lock(mutex);
	error = sync_real.pthread_mutex_trylock(mutex);
	if (rt_likely(error != EBUSY))
		return error;
	error = lock_slow(mutex, stack_regs_here());
	SYNC_KEEP_FRAME();
	return error;
}

RT_EXPORT int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *deadline)
{
	int error;

	if (!sync_is_on() || !sync_is_deadline(CLOCK_REALTIME, deadline))
		return sync_real.pthread_mutex_timedlock(mutex, deadline);
	error = sync_real.pthread_mutex_trylock(mutex);
	if (error == EBUSY)
		SYNC_TIMED(error, REC_WAIT_MUTEX, mutex,
			   sync_real.pthread_mutex_timedlock(mutex, deadline), sync_outcome(error),
			   stack_regs_here());
	return error;
}

RT_EXPORT int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock,
				      const struct timespec *deadline)
{
	int error;

	if (!sync_is_on() || !sync_is_deadline(clock, deadline))
		return sync_real.pthread_mutex_clocklock(mutex, clock, deadline);
	error = sync_real.pthread_mutex_trylock(mutex);
	if (error == EBUSY)
		SYNC_TIMED(error, REC_WAIT_MUTEX, mutex,
			   sync_real.pthread_mutex_clocklock(mutex, clock, deadline),
			   sync_outcome(error), stack_regs_here());
	return error;
}

static __attribute__((noinline)) int unlock_slow(pthread_mutex_t *lock, struct stack_regs regs)
{
	int error;

	SYNC_RELEASED(error, REC_WAIT_MUTEX, lock, sync_real.pthread_mutex_unlock(lock), regs);
	return error;
}

RT_EXPORT int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	int error;

	if (rt_likely(!contention_is_near(mutex)) || !mutex_is_last_unlock(mutex))
		return sync_real.pthread_mutex_unlock(mutex);
	error = unlock_slow(mutex, stack_regs_here());
	SYNC_KEEP_FRAME();
	return error;
}

static __attribute__((noinline)) int spin_lock_slow(pthread_spinlock_t *lock,
						    struct stack_regs regs)
{
	int error;

	SYNC_TIMED(error, REC_WAIT_SPIN, (const void *)lock, sync_real.pthread_spin_lock(lock),
		   sync_outcome(error), regs);
	return error;
}

RT_EXPORT int pthread_spin_lock(pthread_spinlock_t *lock)
{
	int error;

	if (rt_likely(!sync_is_on()))
		return sync_real.pthread_spin_lock(lock);
	error = sync_real.pthread_spin_trylock(lock);
	if (rt_likely(error != EBUSY))
		return error;
	error = spin_lock_slow(lock, stack_regs_here());
	SYNC_KEEP_FRAME();
	return error;
}

static __attribute__((noinline)) int spin_unlock_slow(pthread_spinlock_t *lock,
						      struct stack_regs regs)
{
	int error;

	SYNC_RELEASED(error, REC_WAIT_SPIN, (const void *)lock, sync_real.pthread_spin_unlock(lock),
		      regs);
	return error;
}

RT_EXPORT int pthread_spin_unlock(pthread_spinlock_t *lock)
{
	int error;

	if (rt_likely(!contention_is_near((const void *)lock)))
		return sync_real.pthread_spin_unlock(lock);
	error = spin_unlock_slow(lock, stack_regs_here());
	SYNC_KEEP_FRAME();
	return error;
}
