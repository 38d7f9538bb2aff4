/* SPDX-License-Identifier: MIT */
/* Reading a profile; declared in profile.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "format/gunzip.h"
#include "format/profile.h"
#include "format/profile_unpack.h"

#define FILE_LIMIT   ((size_t)1 << 30) /* bytes, packed and unpacked */
#define MEMORY_LIMIT (UINT64_C(4) << 30)

struct bytes {
	uint8_t *start;
	size_t size, cap;
};

/* 0 or -errno; -EFBIG beyond FILE_LIMIT. What was read is in *bytes in either case. */
static int read_all(int fd, struct bytes *bytes)
{
	for (;;) {
		ssize_t got;

		bytes->start = xgrow(bytes->start, bytes->size, &bytes->cap, 1);
		got = read(fd, bytes->start + bytes->size, bytes->cap - bytes->size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -errno : 0;
		bytes->size += (size_t)got;
		if (bytes->size > FILE_LIMIT)
			return -EFBIG;
	}
}

static int read_file(const char *path, struct bytes *bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int error;

	if (fd < 0)
		return -errno;
	error = read_all(fd, bytes);
	close(fd); /* only read from: nothing can be lost */
	return error;
}

struct profile *profile_parse_within(const void *bytes, size_t size,
				     const struct profile_limits *limits, char *error,
				     size_t error_size)
{
	struct profile *profile;
	uint8_t *unpacked;
	size_t unpacked_size;

	if (!size) {
		snprintf(error, error_size, "truncated at byte 0");
		return NULL;
	}
	if (!gunzip_is(bytes, size))
		return profile_unpack(bytes, size, limits->memory_bytes, "", error, error_size);
	unpacked = gunzip(bytes, size, limits->unpacked_bytes, &unpacked_size, error, error_size);
	if (!unpacked)
		return NULL;
	profile = profile_unpack(unpacked, unpacked_size, limits->memory_bytes,
				 " of the unpacked data", error, error_size);
	free(unpacked);
	return profile;
}

struct profile *profile_parse(const void *bytes, size_t size, char *error, size_t error_size)
{
	return profile_parse_within(bytes, size, &(struct profile_limits){FILE_LIMIT, MEMORY_LIMIT},
				    error, error_size);
}

struct profile *profile_read(const char *path, char *error, size_t error_size)
{
	struct bytes bytes = {0};
	struct profile *profile = NULL;
	char problem[256];
	int status = read_file(path, &bytes);

	if (status)
		snprintf(problem, sizeof(problem), "%s", strerror(-status));
	else
		profile = profile_parse(bytes.start, bytes.size, problem, sizeof(problem));
	if (!profile)
		snprintf(error, error_size, "%s: %s", path, problem);
	free(bytes.start);
	return profile;
}
