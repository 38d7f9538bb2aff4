/* SPDX-License-Identifier: MIT */
/* Semaphores. They have no holder: only the block profile knows them. */
#include <errno.h>

#include "runtime/sync/sync_real.h"
#include "runtime/sync/sync_wait.h"

/* sem_wait acts on a pending cancellation even where it need not wait; sem_trywait does not. A failing
 * sem_trywait leaves errno as it was before, because the real function's success would have. */
static bool take_without_waiting(sem_t *semaphore)
{
	int saved = errno;

	sync_real.pthread_testcancel();
	if (sync_real.sem_trywait(semaphore) == 0)
		return true;
	errno = saved;
	return false;
}

/* An interrupted wait has waited too; it got nothing. */
static enum sync_outcome outcome(int result)
{
	if (result == 0)
		return SYNC_DONE;
	return errno == ETIMEDOUT || errno == EINTR ? SYNC_GAVE_UP : SYNC_REFUSED;
}

RT_EXPORT int sem_wait(sem_t *semaphore)
{
	int result;

	if (!sync_is_on())
		return sync_real.sem_wait(semaphore);
	if (take_without_waiting(semaphore))
		return 0;
	SYNC_TIMED(result, REC_WAIT_SEM, semaphore, sync_real.sem_wait(semaphore), outcome(result),
		   stack_regs_here());
	return result;
}

RT_EXPORT int sem_timedwait(sem_t *semaphore, const struct timespec *deadline)
{
	int result;

	if (!sync_is_on() || !sync_is_deadline(CLOCK_REALTIME, deadline))
		return sync_real.sem_timedwait(semaphore, deadline);
	if (take_without_waiting(semaphore))
		return 0;
	SYNC_TIMED(result, REC_WAIT_SEM, semaphore, sync_real.sem_timedwait(semaphore, deadline),
		   outcome(result), stack_regs_here());
	return result;
}

RT_EXPORT int sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *deadline)
{
	int result;

	if (!sync_is_on() || !sync_is_deadline(clock, deadline))
		return sync_real.sem_clockwait(semaphore, clock, deadline);
	if (take_without_waiting(semaphore))
		return 0;
	SYNC_TIMED(result, REC_WAIT_SEM, semaphore,
		   sync_real.sem_clockwait(semaphore, clock, deadline), outcome(result),
		   stack_regs_here());
	return result;
}
