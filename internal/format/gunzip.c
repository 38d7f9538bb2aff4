/* SPDX-License-Identifier: MIT */
#include "format/gunzip.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

/* Largest window, and 16 more: gzip only. */
#define GZIP_WINDOW (15 + 16)
#define FIRST_ROOM  ((size_t)64 * 1024)

struct output {
	uint8_t *bytes;
	size_t size, room, limit;
};

bool gunzip_is(const uint8_t *bytes, size_t size)
{
	return size >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

/* Room for one byte more than the limit, so that passing it shows. */
static bool make_room(struct output *out)
{
	size_t room = out->room ? out->room * 2 : FIRST_ROOM;
	uint8_t *bytes;

	if (room > out->limit + 1)
		room = out->limit + 1;
	bytes = realloc(out->bytes, room);
	if (!bytes)
		return false;
	out->bytes = bytes;
	out->room = room;
	return true;
}

/* One call of inflate(). Returns its result. */
static int step(z_stream *stream, struct output *out)
{
	size_t room = out->room - out->size;
	int result;

	stream->next_out = out->bytes + out->size;
	stream->avail_out = room > UINT32_MAX ? UINT32_MAX : (uInt)room;
	result = inflate(stream, Z_NO_FLUSH);
	out->size = (size_t)(stream->next_out - out->bytes);
	return result;
}

/* All members. NULL when done, else what is wrong; `stream` is where. */
static const char *inflate_all(z_stream *stream, struct output *out)
{
	for (;;) {
		int result;

		if (out->size == out->room && !make_room(out))
			return "out of memory";
		result = step(stream, out);
		if (out->size > out->limit)
			return "too large";
		if (result == Z_STREAM_END && !stream->avail_in)
			return NULL;
		if (result == Z_STREAM_END)
			result = inflateReset(stream); /* another member follows */
		else if (result == Z_BUF_ERROR ||
			 (result == Z_OK && !stream->avail_in && stream->avail_out))
			return "truncated";
		if (result != Z_OK)
			return result == Z_MEM_ERROR ? "out of memory" : "damaged";
	}
}

uint8_t *gunzip(const uint8_t *bytes, size_t size, size_t limit, size_t *unpacked_size, char *error,
		size_t error_size)
{
	z_stream stream = {.next_in = (uint8_t *)bytes, .avail_in = (uInt)size};
	struct output out = {.limit = limit};
	const char *problem = "out of memory";

	if (size > UINT32_MAX) {
		snprintf(error, error_size, "too large: %zu bytes packed", size);
		return NULL;
	}
	if (inflateInit2(&stream, GZIP_WINDOW) == Z_OK) {
		problem = inflate_all(&stream, &out);
		inflateEnd(&stream);
	}
	*unpacked_size = out.size;
	if (!problem)
		return out.bytes;
	free(out.bytes);
	if (out.size > limit)
		snprintf(error, error_size, "too large: it unpacks to more than %zu MiB",
			 limit >> 20);
	else
		snprintf(error, error_size, "%s at byte %zu", problem,
			 (size_t)(stream.next_in - bytes));
	return NULL;
}
