/* SPDX-License-Identifier: MIT */
/* The file of a profile; declared in profile.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/xalloc.h"
#include "format/profile.h"
#include "format/profile_pack.h"
#include "format/write_file.h"

/* zlib: the largest window, and 16 more for a gzip header (its time stays 0: equal profiles make equal files). */
#define GZIP_WINDOW (15 + 16)
#define ZLIB_MEMORY 8

/* Compress. NULL when there is no memory, or more than 2 GiB. The caller frees the result. */
static uint8_t *compress_bytes(uint8_t *bytes, size_t size, size_t *packed_size)
{
	z_stream stream = {0};
	uint8_t *packed;
	size_t bound;

	if (size > UINT32_MAX / 2 ||
	    deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, ZLIB_MEMORY,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	bound = deflateBound(&stream, size);
	packed = malloc(bound);
	if (packed) {
		stream.next_in = bytes;
		stream.avail_in = (uInt)size;
		stream.next_out = packed;
		stream.avail_out = (uInt)bound;
		deflate(&stream, Z_FINISH); /* always ends: there is room for the bound */
		*packed_size = bound - stream.avail_out;
	}
	deflateEnd(&stream);
	return packed;
}

static int write_all(int fd, const uint8_t *bytes, size_t size)
{
	while (size) {
		ssize_t written = write(fd, bytes, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		bytes += written;
		size -= (size_t)written;
	}
	return 0;
}

/* A fresh file beside path. Its name, which the caller frees, with its descriptor in *fd; NULL with -errno there. Not
 * mkstemp: the file is to have the rights that the user's umask gives. */
static char *open_beside(const char *path, int *fd)
{
	*fd = -EEXIST;
	for (int i = 0; *fd == -EEXIST && i < 1000; i++) {
		char *name = xasprintf("%s.%d.%d.tmp", path, (int)getpid(), i);

		*fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
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
	char *name = open_beside(path, &fd);

	if (!name)
		return fd;
	error = write_all(fd, bytes, size);
	if (close(fd) != 0 && !error)
		error = -errno;
	if (!error && rename(name, path) != 0)
		error = -errno;
	if (error)
		unlink(name);
	free(name);
	return error;
}

/* The file's bytes, NULL when there is no memory for them. The caller frees them. */
static uint8_t *make_bytes(const struct profile *profile, size_t *size)
{
	size_t plain_size;
	uint8_t *plain = profile_pack(profile, &plain_size);
	uint8_t *packed = plain ? compress_bytes(plain, plain_size, size) : NULL;

	free(plain);
	return packed;
}

int profile_write(const struct profile *profile, const char *path)
{
	size_t size = 0;
	uint8_t *bytes = make_bytes(profile, &size);
	int error = bytes ? fmt_write_file(path, bytes, size) : -ENOMEM;

	free(bytes);
	return error;
}

int profile_write_fd(const struct profile *profile, int fd)
{
	size_t size = 0;
	uint8_t *bytes = make_bytes(profile, &size);
	int error = bytes ? write_all(fd, bytes, size) : -ENOMEM;

	free(bytes);
	return error;
}
