/* SPDX-License-Identifier: MIT */
/* Condition variables. Every wait waits. It also releases its mutex, so whoever waits for that is charged to the caller
 * as at an unlock. The time to get the mutex back afterwards is inside libc: it belongs to the waiter's wait and is
 * charged to no holder. */
#include "runtime/sync/sync_mutex_kind.h"
#include "runtime/sync/sync_real.h"
#include "runtime/sync/sync_wait.h"

RT_EXPORT int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	int error;

	if (!sync_is_on())
		return sync_real.pthread_cond_wait(cond, mutex);
	if (mutex_is_last_unlock(mutex))
		SYNC_RELEASE_EARLY(mutex);
	SYNC_TIMED(error, REC_WAIT_COND, cond, sync_real.pthread_cond_wait(cond, mutex),
		   sync_outcome(error), stack_regs_here());
	return error;
}

RT_EXPORT int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
				     const struct timespec *deadline)
{
	int error;

	if (!sync_is_on())
		return sync_real.pthread_cond_timedwait(cond, mutex, deadline);
	if (mutex_is_last_unlock(mutex))
		SYNC_RELEASE_EARLY(mutex);
	SYNC_TIMED(error, REC_WAIT_COND, cond,
		   sync_real.pthread_cond_timedwait(cond, mutex, deadline), sync_outcome(error),
		   stack_regs_here());
	return error;
}

RT_EXPORT int pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock,
				     const struct timespec *deadline)
{
	int error;

	if (!sync_is_on())
		return sync_real.pthread_cond_clockwait(cond, mutex, clock, deadline);
	if (mutex_is_last_unlock(mutex))
		SYNC_RELEASE_EARLY(mutex);
	SYNC_TIMED(error, REC_WAIT_COND, cond,
		   sync_real.pthread_cond_clockwait(cond, mutex, clock, deadline),
		   sync_outcome(error), stack_regs_here());
	return error;
}
