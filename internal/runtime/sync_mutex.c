/* SPDX-License-Identifier: MIT */
/* Mutexes and spin locks of pthread.
 *
 * Trying first tells a lock that is free from one to wait for. It changes nothing for any kind of mutex: what trylock
 * answers besides EBUSY (EOWNERDEAD, ENOTRECOVERABLE, EAGAIN of a recursive one, EINVAL of a ceiling) lock
 * would have answered too, and after EBUSY the real function decides. */
#include <errno.h>

#include "runtime/sync_mutex_kind.h"
#include "runtime/sync_real.h"
#include "runtime/sync_wait.h"

RT_EXPORT int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	int error;

	if (rt_likely(!sync_is_on()))
		return sync_real.pthread_mutex_lock(mutex);
	error = sync_real.pthread_mutex_trylock(mutex);
	if (rt_unlikely(error == EBUSY))
		SYNC_TIMED(error, REC_WAIT_MUTEX, mutex, sync_real.pthread_mutex_lock(mutex),
			   sync_outcome(error));
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
			   sync_real.pthread_mutex_timedlock(mutex, deadline), sync_outcome(error));
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
			   sync_outcome(error));
	return error;
}

RT_EXPORT int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	int error;

	if (rt_likely(!contention_is_near(mutex)) || !mutex_is_last_unlock(mutex))
		return sync_real.pthread_mutex_unlock(mutex);
	SYNC_RELEASED(error, REC_WAIT_MUTEX, mutex, sync_real.pthread_mutex_unlock(mutex));
	return error;
}

RT_EXPORT int pthread_spin_lock(pthread_spinlock_t *lock)
{
	int error;

	if (rt_likely(!sync_is_on()))
		return sync_real.pthread_spin_lock(lock);
	error = sync_real.pthread_spin_trylock(lock);
	if (rt_unlikely(error == EBUSY))
		SYNC_TIMED(error, REC_WAIT_SPIN, (const void *)lock,
			   sync_real.pthread_spin_lock(lock), sync_outcome(error));
	return error;
}

RT_EXPORT int pthread_spin_unlock(pthread_spinlock_t *lock)
{
	int error;

	if (rt_likely(!contention_is_near((const void *)lock)))
		return sync_real.pthread_spin_unlock(lock);
	SYNC_RELEASED(error, REC_WAIT_SPIN, (const void *)lock,
		      sync_real.pthread_spin_unlock(lock));
	return error;
}
