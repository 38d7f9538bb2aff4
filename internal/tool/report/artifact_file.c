/* SPDX-License-Identifier: MIT */
#include "tool/report/artifact_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"

static bool read_all(int fd, char *bytes, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got = read(fd, bytes + done, size - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

/* The file's size, -1 with why it is not read. */
static off_t check(int fd, size_t limit, char *error)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		snprintf(error, ARTIFACT_FILE_ERROR, "%s", strerror(errno));
	else if (!S_ISREG(status.st_mode))
		snprintf(error, ARTIFACT_FILE_ERROR, "no regular file");
	else if ((uint64_t)status.st_size > limit)
		snprintf(error, ARTIFACT_FILE_ERROR, "too large: %lld bytes, more than %zu MiB",
			 (long long)status.st_size, limit >> 20);
	else
		return status.st_size;
	return -1;
}

char *artifact_file_read(const char *path, size_t limit, size_t *size,
			 char error[ARTIFACT_FILE_ERROR])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	char *bytes = NULL;
	off_t len;

	if (fd < 0) {
		snprintf(error, ARTIFACT_FILE_ERROR, "%s",
			 errno == ELOOP ? "no regular file" : strerror(errno));
		return NULL;
	}
	len = check(fd, limit, error);
	if (len >= 0) {
		*size = (size_t)len;
		bytes = xmalloc(*size + 1);
		bytes[*size] = '\0';
		if (!read_all(fd, bytes, *size)) {
			snprintf(error, ARTIFACT_FILE_ERROR, "it can't be read to its end");
			free(bytes);
			bytes = NULL;
		}
	}
	close(fd); /* only read from: nothing can be lost */
	return bytes;
}

const char *artifact_date(time_t when, char out[ARTIFACT_DATE_SIZE])
{
	struct tm utc;

	strftime(out, ARTIFACT_DATE_SIZE, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&when, &utc));
	return out;
}
