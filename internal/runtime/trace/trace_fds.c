/* SPDX-License-Identifier: MIT */
#include "runtime/trace/trace_fds.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/rt.h"

enum { FDS = 4096 }; /* higher ones are not remembered */

/* Beside an enum trace_fd. */
enum { NEVER_WAITS = 0x80 };

static _Atomic unsigned char kinds[FDS];

static bool is_remembered(int fd)
{
	return fd >= 0 && fd < FDS;
}

static enum trace_fd kind_of(int fd)
{
	struct stat status;

	if (syscall(SYS_fstat, fd, &status) != 0)
		return TRACE_FD_UNKNOWN;
	if (S_ISSOCK(status.st_mode))
		return TRACE_FD_SOCKET;
	if (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode) || S_ISBLK(status.st_mode))
		return TRACE_FD_FILE;
	return TRACE_FD_STREAM;
}

static unsigned ask(int fd)
{
	unsigned known = kind_of(fd);

	if (known == TRACE_FD_SOCKET && (syscall(SYS_fcntl, fd, F_GETFL) & O_NONBLOCK) != 0)
		known |= NEVER_WAITS;
	if (is_remembered(fd))
		atomic_store_explicit(&kinds[fd], (unsigned char)known, memory_order_relaxed);
	return known;
}

static unsigned look_up(int fd)
{
	unsigned known;

	if (!is_remembered(fd))
		return TRACE_FD_UNKNOWN;
	known = atomic_load_explicit(&kinds[fd], memory_order_relaxed);
	return known != TRACE_FD_UNKNOWN ? known : ask(fd);
}

enum trace_fd trace_fd_ask(int fd)
{
	return (enum trace_fd)(ask(fd) & ~(unsigned)NEVER_WAITS);
}

enum trace_fd trace_fd_known(int fd)
{
	return (enum trace_fd)(look_up(fd) & ~(unsigned)NEVER_WAITS);
}

bool trace_fd_never_waits(int fd)
{
	return (look_up(fd) & NEVER_WAITS) != 0;
}

void trace_fd_opened(int fd)
{
	if (is_remembered(fd) && rt_rec != NULL && rt_rec->config.trace.is_flight)
		atomic_store_explicit(&kinds[fd], TRACE_FD_FILE, memory_order_relaxed);
}

void trace_fd_forget_all(void)
{
	for (int fd = 0; fd < FDS; fd++)
		trace_fd_forget(fd);
}

void trace_fd_forget(int fd)
{
	if (is_remembered(fd))
		atomic_store_explicit(&kinds[fd], TRACE_FD_UNKNOWN, memory_order_relaxed);
}
