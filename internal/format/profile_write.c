/* SPDX-License-Identifier: MIT */
/* The file of a profile; declared in profile.h. */
#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

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
	int error = bytes ? fmt_write_all(fd, bytes, size) : -ENOMEM;

	free(bytes);
	return error;
}
