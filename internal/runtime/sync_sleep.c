/* SPDX-License-Identifier: MIT */
/* Sleeps: each one waits, unless it is of no time at all or refused. */
#include <errno.h>

#include "runtime/sync_real.h"
#include "runtime/sync_wait.h"

static enum sync_outcome outcome(int error)
{
	return error == 0 || error == EINTR ? SYNC_DONE : SYNC_REFUSED;
}

RT_EXPORT unsigned sleep(unsigned seconds)
{
	unsigned rest;

	if (!sync_is_on() || seconds == 0)
		return sync_real.sleep(seconds);
	SYNC_TIMED(rest, REC_WAIT_SLEEP, NULL, sync_real.sleep(seconds), SYNC_DONE,
		   stack_regs_here());
	return rest;
}

RT_EXPORT int usleep(useconds_t microseconds)
{
	int result;

	if (!sync_is_on() || microseconds == 0)
		return sync_real.usleep(microseconds);
	SYNC_TIMED(result, REC_WAIT_SLEEP, NULL, sync_real.usleep(microseconds),
		   outcome(result == 0 ? 0 : errno), stack_regs_here());
	return result;
}

RT_EXPORT int nanosleep(const struct timespec *request, struct timespec *rest)
{
	int result;

	if (!sync_is_on())
		return sync_real.nanosleep(request, rest);
	SYNC_TIMED(result, REC_WAIT_SLEEP, NULL, sync_real.nanosleep(request, rest),
		   outcome(result == 0 ? 0 : errno), stack_regs_here());
	return result;
}

RT_EXPORT int clock_nanosleep(clockid_t clock, int flags, const struct timespec *request,
			      struct timespec *rest)
{
	int error;

	if (!sync_is_on())
		return sync_real.clock_nanosleep(clock, flags, request, rest);
	SYNC_TIMED(error, REC_WAIT_SLEEP, NULL,
		   sync_real.clock_nanosleep(clock, flags, request, rest), outcome(error),
		   stack_regs_here());
	return error;
}
