/* SPDX-License-Identifier: MIT */
/* Which descriptors are sockets: a read of one counts as network. Asked of the kernel at the first call on a descriptor, and
 * again when one has taken long. */
#ifndef PPROFMK_RUNTIME_TRACE_FDS_H
#define PPROFMK_RUNTIME_TRACE_FDS_H

enum trace_fd {
	TRACE_FD_UNKNOWN,
	TRACE_FD_FILE,	 /* a regular file, a directory, a disk: reading it ends by itself */
	TRACE_FD_STREAM, /* a pipe, a terminal, an event's: reading it may take for ever */
	TRACE_FD_SOCKET,
};

/* What it was when it was last asked about; the first time it is. It may be closed, and another one, since. High numbers are not
 * remembered, and not asked about. errno may change. */
enum trace_fd trace_fd_known(int fd);

/* Ask the kernel. A system call. errno may change. */
enum trace_fd trace_fd_ask(int fd);

/* Know nothing of any: while no trace is recorded nobody sees them closed. */
void trace_fd_forget_all(void);

/* It is about to be closed. */
void trace_fd_forget(int fd);

#endif
