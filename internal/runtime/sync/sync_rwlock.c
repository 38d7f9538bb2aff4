/* SPDX-License-Identifier: MIT */
/* Reader-writer locks. Who waits, reader or writer, is charged to whoever unlocks, reader or writer: where several
 * readers hold the lock, each is charged with the time since the one before it left. */
#include <errno.h>

#include "runtime/sync/sync_real.h"
#include "runtime/sync/sync_wait.h"

static __attribute__((noinline)) int rdlock_slow(pthread_rwlock_t *lock, struct stack_regs regs)
{
	int error;

	SYNC_TIMED(error, REC_WAIT_RWLOCK, lock, sync_real.pthread_rwlock_rdlock(lock),
		   sync_outcome(error), regs);
	return error;
}

RT_EXPORT int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
	int error;

	if (rt_likely(!sync_is_on()))
		return sync_real.pthread_rwlock_rdlock(lock);
	error = sync_real.pthread_rwlock_tryrdlock(lock);
	if (rt_likely(error != EBUSY))
		return error;
	error = rdlock_slow(lock, stack_regs_here());
	SYNC_KEEP_FRAME();
	return error;
}

static __attribute__((noinline)) int wrlock_slow(pthread_rwlock_t *lock, struct stack_regs regs)
{
	int error;

	SYNC_TIMED(error, REC_WAIT_RWLOCK, lock, sync_real.pthread_rwlock_wrlock(lock),
		   sync_outcome(error), regs);
	return error;
}

RT_EXPORT int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
	int error;

	if (rt_likely(!sync_is_on()))
		return sync_real.pthread_rwlock_wrlock(lock);
	error = sync_real.pthread_rwlock_trywrlock(lock);
	if (rt_likely(error != EBUSY))
		return error;
	error = wrlock_slow(lock, stack_regs_here());
	SYNC_KEEP_FRAME();
	return error;
}

RT_EXPORT int pthread_rwlock_timedrdlock(pthread_rwlock_t *lock, const struct timespec *deadline)
{
	int error;

	if (!sync_is_on() || !sync_is_deadline(CLOCK_REALTIME, deadline))
		return sync_real.pthread_rwlock_timedrdlock(lock, deadline);
	error = sync_real.pthread_rwlock_tryrdlock(lock);
	if (error == EBUSY)
		SYNC_TIMED(error, REC_WAIT_RWLOCK, lock,
			   sync_real.pthread_rwlock_timedrdlock(lock, deadline),
			   sync_outcome(error), stack_regs_here());
	return error;
}

RT_EXPORT int pthread_rwlock_timedwrlock(pthread_rwlock_t *lock, const struct timespec *deadline)
{
	int error;

	if (!sync_is_on() || !sync_is_deadline(CLOCK_REALTIME, deadline))
		return sync_real.pthread_rwlock_timedwrlock(lock, deadline);
	error = sync_real.pthread_rwlock_trywrlock(lock);
	if (error == EBUSY)
		SYNC_TIMED(error, REC_WAIT_RWLOCK, lock,
			   sync_real.pthread_rwlock_timedwrlock(lock, deadline),
			   sync_outcome(error), stack_regs_here());
	return error;
}

RT_EXPORT int pthread_rwlock_clockrdlock(pthread_rwlock_t *lock, clockid_t clock,
					 const struct timespec *deadline)
{
	int error;

	if (!sync_is_on() || !sync_is_deadline(clock, deadline))
		return sync_real.pthread_rwlock_clockrdlock(lock, clock, deadline);
	error = sync_real.pthread_rwlock_tryrdlock(lock);
	if (error == EBUSY)
		SYNC_TIMED(error, REC_WAIT_RWLOCK, lock,
			   sync_real.pthread_rwlock_clockrdlock(lock, clock, deadline),
			   sync_outcome(error), stack_regs_here());
	return error;
}

RT_EXPORT int pthread_rwlock_clockwrlock(pthread_rwlock_t *lock, clockid_t clock,
					 const struct timespec *deadline)
{
	int error;

	if (!sync_is_on() || !sync_is_deadline(clock, deadline))
		return sync_real.pthread_rwlock_clockwrlock(lock, clock, deadline);
	error = sync_real.pthread_rwlock_trywrlock(lock);
	if (error == EBUSY)
		SYNC_TIMED(error, REC_WAIT_RWLOCK, lock,
			   sync_real.pthread_rwlock_clockwrlock(lock, clock, deadline),
			   sync_outcome(error), stack_regs_here());
	return error;
}

static __attribute__((noinline)) int unlock_slow(pthread_rwlock_t *lock, struct stack_regs regs)
{
	int error;

	SYNC_RELEASED(error, REC_WAIT_RWLOCK, lock, sync_real.pthread_rwlock_unlock(lock), regs);
	return error;
}

RT_EXPORT int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	int error;

	if (rt_likely(!contention_is_near(lock)))
		return sync_real.pthread_rwlock_unlock(lock);
	error = unlock_slow(lock, stack_regs_here());
	SYNC_KEEP_FRAME();
	return error;
}
