/* SPDX-License-Identifier: MIT */
/* Waiting for other threads: barriers and joins. */
#include <errno.h>

#include "runtime/sync/sync_real.h"
#include "runtime/sync/sync_wait.h"

/* In glibc the thread that completes a round is the serial one, and it has not waited. */
static enum sync_outcome barrier_outcome(int result)
{
	return result == PTHREAD_BARRIER_SERIAL_THREAD ? SYNC_REFUSED : sync_outcome(result);
}

RT_EXPORT int pthread_barrier_wait(pthread_barrier_t *barrier)
{
	struct sync_wait wait;
	bool is_waited_for;
	int result;

	if (!sync_is_on())
		return sync_real.pthread_barrier_wait(barrier);
	is_waited_for = contention_is_near(barrier);
	sync_wait_begin(&wait, REC_WAIT_BARRIER, barrier, stack_regs_here());
	result = sync_real.pthread_barrier_wait(barrier);
	/* As it came, all were there. */
	if (is_waited_for && result == PTHREAD_BARRIER_SERIAL_THREAD && wait.tracer != NULL)
		wait.tracer->wake(TRACE_WAKE_BARRIER, barrier, wait.trace.own.start_ticks,
				  wait.regs);
	sync_wait_end(&wait, barrier_outcome(result));
	return result;
}

/* A thread that has ended is joined without waiting. EBUSY is also the answer for the caller itself and for a
 * detached thread; what is wrong with those is for the real function to say. */
RT_EXPORT int pthread_join(pthread_t handle, void **value)
{
	int error;

	if (!sync_is_on())
		return sync_real.pthread_join(handle, value);
	error = sync_real.pthread_tryjoin_np(handle, value);
	if (error == EBUSY)
		SYNC_TIMED(error, REC_WAIT_JOIN, (const void *)handle,
			   sync_real.pthread_join(handle, value), sync_outcome(error),
			   stack_regs_here());
	return error;
}

RT_EXPORT int pthread_timedjoin_np(pthread_t handle, void **value, const struct timespec *deadline)
{
	int error;

	if (!sync_is_on() || !sync_is_deadline(CLOCK_REALTIME, deadline))
		return sync_real.pthread_timedjoin_np(handle, value, deadline);
	error = sync_real.pthread_tryjoin_np(handle, value);
	if (error == EBUSY)
		SYNC_TIMED(error, REC_WAIT_JOIN, (const void *)handle,
			   sync_real.pthread_timedjoin_np(handle, value, deadline),
			   sync_outcome(error), stack_regs_here());
	return error;
}

RT_EXPORT int pthread_clockjoin_np(pthread_t handle, void **value, clockid_t clock,
				   const struct timespec *deadline)
{
	int error;

	if (!sync_is_on() || !sync_is_deadline(clock, deadline))
		return sync_real.pthread_clockjoin_np(handle, value, clock, deadline);
	error = sync_real.pthread_tryjoin_np(handle, value);
	if (error == EBUSY)
		SYNC_TIMED(error, REC_WAIT_JOIN, (const void *)handle,
			   sync_real.pthread_clockjoin_np(handle, value, clock, deadline),
			   sync_outcome(error), stack_regs_here());
	return error;
}
