/* SPDX-License-Identifier: MIT */
#include "runtime/trace/trace_file.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int trace_file_write(int fd, const void *bytes, uint64_t size_bytes, uint64_t at)
{
	const char *from = bytes;

	while (size_bytes > 0) {
		long written = syscall(SYS_pwrite64, fd, from, size_bytes, at);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return written < 0 ? -errno : -ENOSPC;
		from += written;
		at += (uint64_t)written;
		size_bytes -= (uint64_t)written;
	}
	return 0;
}
