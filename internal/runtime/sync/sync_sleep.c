/* SPDX-License-Identifier: MIT */
/* Sleeps: each one waits, unless it is of no time at all or refused. */
#include <errno.h>

#include "runtime/sync/sync_real.h"
#include "runtime/sync/sync_wait.h"

static enum sync_outcome outcome(int error)
{
	return error == 0 || error == EINTR ? SYNC_DONE : SYNC_REFUSED;
}

RT_EXPORT unsigned sleep(unsigned seconds)
{
	unsigned rest;

	if (!sync_is_on() || seconds == 0)
		return sync_real.sleep(seconds);
	SYNC_CALLED(rest, REC_WAIT_SLEEP, SLEEP, -1, sync_real.sleep(seconds),
		    rest == 0 ? 0 : -EINTR, SYNC_DONE);
	return rest;
}

RT_EXPORT int usleep(useconds_t microseconds)
{
	int result;

	if (!sync_is_on() || microseconds == 0)
		return sync_real.usleep(microseconds);
	SYNC_CALLED(result, REC_WAIT_SLEEP, SLEEP, -1, sync_real.usleep(microseconds),
		    result == 0 ? 0 : -errno, outcome(result == 0 ? 0 : errno));
	return result;
}

RT_EXPORT int nanosleep(const struct timespec *request, struct timespec *rest)
{
	int result;

	if (!sync_is_on())
		return sync_real.nanosleep(request, rest);
	SYNC_CALLED(result, REC_WAIT_SLEEP, SLEEP, -1, sync_real.nanosleep(request, rest),
		    result == 0 ? 0 : -errno, outcome(result == 0 ? 0 : errno));
	return result;
}

RT_EXPORT int clock_nanosleep(clockid_t clock, int flags, const struct timespec *request,
			      struct timespec *rest)
{
	int error;

	if (!sync_is_on())
		return sync_real.clock_nanosleep(clock, flags, request, rest);
	SYNC_CALLED(error, REC_WAIT_SLEEP, SLEEP, -1,
		    sync_real.clock_nanosleep(clock, flags, request, rest), -error, outcome(error));
	return error;
}
