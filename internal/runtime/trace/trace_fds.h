/* SPDX-License-Identifier: MIT */
/* Which descriptors are sockets: a read of one counts as network. Asked of the kernel at the first call on a descriptor, and
 * again when one has taken long. */
#ifndef PPROFMK_RUNTIME_TRACE_FDS_H
#define PPROFMK_RUNTIME_TRACE_FDS_H

#include <stdbool.h>

enum trace_fd {
	TRACE_FD_UNKNOWN,
	TRACE_FD_FILE,	 /* a regular file, a directory, a disk: reading it ends by itself */
	TRACE_FD_STREAM, /* a pipe, a terminal, an event's: reading it may take for ever */
	TRACE_FD_SOCKET,
};

/* What it was when it was last asked about; the first time it is. It may be closed, and another one, since. High numbers are not
 * remembered, and not asked about. errno may change. */
enum trace_fd trace_fd_known(int fd);

/* It was opened by a path: mostly a file, and the flight recorder of a server that opens one for each request does not ask. What turns out
 * to be a pipe or a terminal is one from its first slow call on. Other traces ask at its first call. fd: or -1. */
void trace_fd_opened(int fd);

/* Is it a socket that has O_NONBLOCK? As it was then, too. */
bool trace_fd_never_waits(int fd);

/* Ask the kernel. A system call. errno may change. */
enum trace_fd trace_fd_ask(int fd);

/* Know nothing of any: while no trace is recorded nobody sees them closed. */
void trace_fd_forget_all(void);

/* It is about to be closed, or has other flags. */
void trace_fd_forget(int fd);

#endif
