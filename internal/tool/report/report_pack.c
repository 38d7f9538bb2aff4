/* SPDX-License-Identifier: MIT */
#include "tool/report/report_pack.h"

#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/xalloc.h"

/* RFC 4648, section 4. */
static char *encode(const uint8_t *bytes, size_t size)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *text = xmalloc((size + 2) / 3 * 4 + 1), *out = text;

	for (size_t i = 0; i < size; i += 3) {
		size_t len = size - i < 3 ? size - i : 3;
		uint32_t three = (uint32_t)bytes[i] << 16;

		if (len > 1)
			three |= (uint32_t)bytes[i + 1] << 8;
		if (len > 2)
			three |= bytes[i + 2];
		*out++ = digits[three >> 18];
		*out++ = digits[three >> 12 & 63];
		*out++ = len > 1 ? digits[three >> 6 & 63] : '=';
		*out++ = len > 2 ? digits[three & 63] : '=';
	}
	*out = '\0';
	return text;
}

char *report_pack(const void *bytes, size_t size)
{
	uLongf packed_size = compressBound(size);
	uint8_t *packed = xmalloc(packed_size);
	char *text;

	if (compress2(packed, &packed_size, bytes, size, Z_BEST_COMPRESSION) != Z_OK)
		xalloc_failed();
	text = encode(packed, packed_size);
	free(packed);
	return text;
}
