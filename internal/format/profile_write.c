/* SPDX-License-Identifier: MIT */
/* The file of a profile; declared in profile.h. */
#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

#include "format/profile.h"
#include "format/profile_pack.h"
#include "format/write_file.h"

/* Bits of zlib's window, and what is added to them for a gzip header (its time stays 0: equal profiles make equal files). */
enum { WINDOW_LEAST = 9, WINDOW_MOST = 15, WINDOW_GZIP = 16 };

/* Its memory, by which it has 2^(level + 6) symbols in a block. */
enum { MEMORY_MOST = 8 };

/* A window that holds it all, and one block, are as good for a small profile as the 268 KB that zlib takes otherwise: to make
 * those ready takes longer than to compress a test's few samples. */
static int begin_stream(z_stream *stream, size_t size)
{
	int window = WINDOW_LEAST;
	int memory;

	while (window < WINDOW_MOST && (size_t)1 << window < size)
		window++;
	memory = window - 6 < MEMORY_MOST ? window - 6 : MEMORY_MOST;
	return deflateInit2(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window + WINDOW_GZIP, memory,
			    Z_DEFAULT_STRATEGY);
}

/* Compress. NULL when there is no memory, or more than 2 GiB. The caller frees the result. */
static uint8_t *compress_bytes(uint8_t *bytes, size_t size, size_t *packed_size)
{
	z_stream stream = {0};
	uint8_t *packed;
	size_t bound;

	if (size > UINT32_MAX / 2 || begin_stream(&stream, size) != Z_OK)
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
