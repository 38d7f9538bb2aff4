/* SPDX-License-Identifier: MIT */
#include "format/write_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xalloc.h"

int fmt_write_all(int fd, const void *bytes, size_t size)
{
	const uint8_t *from = bytes;

	while (size) {
		ssize_t written = write(fd, from, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return written < 0 ? -errno : -EIO;
		from += written;
		size -= (size_t)written;
	}
	return 0;
}

/* Not mkstemp: the file is to have the rights that the user's umask gives. */
char *fmt_open_beside(const char *path, int *fd)
{
	*fd = -EEXIST;
	for (int i = 0; *fd == -EEXIST && i < 1000; i++) {
		char *name = xasprintf("%s.%d.%d.tmp", path, (int)getpid(), i);

		*fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (*fd >= 0)
			return name;
		*fd = -errno;
		free(name);
	}
	return NULL;
}

int fmt_write_file(const char *path, const void *bytes, size_t size)
{
	int fd, error;
	char *name = fmt_open_beside(path, &fd);

	if (!name)
		return fd;
	error = fmt_write_all(fd, bytes, size);
	if (close(fd) != 0 && !error)
		error = -errno;
	if (!error && rename(name, path) != 0)
		error = -errno;
	if (error)
		unlink(name);
	free(name);
	return error;
}
