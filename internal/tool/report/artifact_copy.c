/* SPDX-License-Identifier: MIT */
#include "tool/report/artifact_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/write_file.h"

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
		error = fmt_write_all(to, bytes, (size_t)got);
		if (error)
			return error;
	}
}

static int copy_to(int from, const char *target)
{
	int to, error;
	char *temporary = fmt_open_beside(target, &to);

	if (!temporary)
		return to;
	error = copy_bytes(from, to);
	if (close(to) != 0 && !error)
		error = -errno;
	if (!error && rename(temporary, target) != 0)
		error = -errno;
	if (error)
		unlink(temporary);
	free(temporary);
	return error;
}

int artifact_copy(const char *source, const char *target)
{
	int from = open(source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat status;
	int error;

	if (from < 0 || fstat(from, &status) != 0)
		error = -errno;
	else
		error = S_ISREG(status.st_mode) ? copy_to(from, target) : -EINVAL;
	if (from >= 0)
		close(from); /* only read from: nothing can be lost */
	return error;
}
