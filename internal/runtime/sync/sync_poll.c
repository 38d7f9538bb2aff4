/* SPDX-License-Identifier: MIT */
/* Waiting for descriptors. A call with a time-out of zero does not wait; any other counts for what it took, be it
 * that a descriptor was ready at once: asking twice would cost every wait a system call. */
#include <errno.h>

#include "runtime/sync/sync_real.h"
#include "runtime/sync/sync_wait.h"

/* What headers declare only for fortified callers. */
int __poll_chk(struct pollfd *fds, nfds_t count, int timeout_ms, size_t size_bytes);
int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
		const sigset_t *mask, size_t size_bytes);

static enum sync_outcome outcome(int result)
{
	return result >= 0 || errno == EINTR ? SYNC_DONE : SYNC_REFUSED;
}

static bool is_zero(const struct timespec *timeout)
{
	return timeout != NULL && timeout->tv_sec == 0 && timeout->tv_nsec == 0;
}

RT_EXPORT int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	int result;

	if (!sync_is_on() || timeout_ms == 0)
		return sync_real.poll(fds, count, timeout_ms);
	SYNC_CALLED(result, REC_WAIT_POLL, POLL, -1, sync_real.poll(fds, count, timeout_ms),
		    result >= 0 ? result : -errno, outcome(result));
	return result;
}

RT_EXPORT int __poll_chk(struct pollfd *fds, nfds_t count, int timeout_ms, size_t size_bytes)
{
	int result;

	if (!sync_is_on() || timeout_ms == 0)
		return sync_real.__poll_chk(fds, count, timeout_ms, size_bytes);
	SYNC_CALLED(result, REC_WAIT_POLL, POLL, -1,
		    sync_real.__poll_chk(fds, count, timeout_ms, size_bytes),
		    result >= 0 ? result : -errno, outcome(result));
	return result;
}

RT_EXPORT int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
		    const sigset_t *mask)
{
	int result;

	if (!sync_is_on() || is_zero(timeout))
		return sync_real.ppoll(fds, count, timeout, mask);
	SYNC_CALLED(result, REC_WAIT_POLL, POLL, -1, sync_real.ppoll(fds, count, timeout, mask),
		    result >= 0 ? result : -errno, outcome(result));
	return result;
}

RT_EXPORT int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
			  const sigset_t *mask, size_t size_bytes)
{
	int result;

	if (!sync_is_on() || is_zero(timeout))
		return sync_real.__ppoll_chk(fds, count, timeout, mask, size_bytes);
	SYNC_CALLED(result, REC_WAIT_POLL, POLL, -1,
		    sync_real.__ppoll_chk(fds, count, timeout, mask, size_bytes),
		    result >= 0 ? result : -errno, outcome(result));
	return result;
}

RT_EXPORT int select(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
		     struct timeval *timeout)
{
	int result;

	if (!sync_is_on() || (timeout != NULL && timeout->tv_sec == 0 && timeout->tv_usec == 0))
		return sync_real.select(count, readable, writable, exceptional, timeout);
	SYNC_CALLED(result, REC_WAIT_POLL, SELECT, -1,
		    sync_real.select(count, readable, writable, exceptional, timeout),
		    result >= 0 ? result : -errno, outcome(result));
	return result;
}

RT_EXPORT int pselect(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
		      const struct timespec *timeout, const sigset_t *mask)
{
	int result;

	if (!sync_is_on() || is_zero(timeout))
		return sync_real.pselect(count, readable, writable, exceptional, timeout, mask);
	SYNC_CALLED(result, REC_WAIT_POLL, SELECT, -1,
		    sync_real.pselect(count, readable, writable, exceptional, timeout, mask),
		    result >= 0 ? result : -errno, outcome(result));
	return result;
}

RT_EXPORT int epoll_wait(int epoll, struct epoll_event *events, int count, int timeout_ms)
{
	int result;

	if (!sync_is_on() || timeout_ms == 0)
		return sync_real.epoll_wait(epoll, events, count, timeout_ms);
	SYNC_CALLED(result, REC_WAIT_POLL, EPOLL, epoll,
		    sync_real.epoll_wait(epoll, events, count, timeout_ms),
		    result >= 0 ? result : -errno, outcome(result));
	return result;
}

RT_EXPORT int epoll_pwait(int epoll, struct epoll_event *events, int count, int timeout_ms,
			  const sigset_t *mask)
{
	int result;

	if (!sync_is_on() || timeout_ms == 0)
		return sync_real.epoll_pwait(epoll, events, count, timeout_ms, mask);
	SYNC_CALLED(result, REC_WAIT_POLL, EPOLL, epoll,
		    sync_real.epoll_pwait(epoll, events, count, timeout_ms, mask),
		    result >= 0 ? result : -errno, outcome(result));
	return result;
}

RT_EXPORT int epoll_pwait2(int epoll, struct epoll_event *events, int count,
			   const struct timespec *timeout, const sigset_t *mask)
{
	int result;

	if (!sync_is_on() || is_zero(timeout))
		return sync_real.epoll_pwait2(epoll, events, count, timeout, mask);
	SYNC_CALLED(result, REC_WAIT_POLL, EPOLL, epoll,
		    sync_real.epoll_pwait2(epoll, events, count, timeout, mask),
		    result >= 0 ? result : -errno, outcome(result));
	return result;
}
