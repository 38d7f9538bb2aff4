/* SPDX-License-Identifier: MIT */
#include "runtime/trace/trace_fds.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FDS = 4096 }; /* higher ones are not remembered */

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

enum trace_fd trace_fd_ask(int fd)
{
	enum trace_fd kind = kind_of(fd);

	if (is_remembered(fd))
		atomic_store_explicit(&kinds[fd], (unsigned char)kind, memory_order_relaxed);
	return kind;
}

enum trace_fd trace_fd_known(int fd)
{
	enum trace_fd kind;

	if (!is_remembered(fd))
		return TRACE_FD_UNKNOWN;
	kind = (enum trace_fd)atomic_load_explicit(&kinds[fd], memory_order_relaxed);
	return kind != TRACE_FD_UNKNOWN ? kind : trace_fd_ask(fd);
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
