/* SPDX-License-Identifier: MIT */
#include "tool/report/artifact_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"

static int write_all(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t done = write(fd, bytes, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return done < 0 ? -errno : -EIO;
		bytes += done;
		size -= (size_t)done;
	}
	return 0;
}

static int copy_bytes(int from, int to)
{
	char bytes[64 * 1024];

	for (;;) {
		ssize_t got = read(from, bytes, sizeof(bytes));
		int error;

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -errno : 0;
		error = write_all(to, bytes, (size_t)got);
		if (error)
			return error;
	}
}

static int copy_to(int from, const char *temporary, const char *target)
{
	int to = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int error = to < 0 ? -errno : copy_bytes(from, to);

	if (to >= 0 && close(to) != 0 && !error)
		error = -errno;
	if (!error && rename(temporary, target) != 0)
		error = -errno;
	if (error)
		unlink(temporary);
	return error;
}

int artifact_copy(const char *source, const char *target)
{
	int from = open(source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	char *temporary = xasprintf("%s.%d.tmp", target, (int)getpid());
	struct stat status;
	int error;

	if (from < 0 || fstat(from, &status) != 0)
		error = -errno;
	else
		error = S_ISREG(status.st_mode) ? copy_to(from, temporary, target) : -EINVAL;
	if (from >= 0)
		close(from); /* only read from: nothing can be lost */
	free(temporary);
	return error;
}
