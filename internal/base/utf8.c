/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

/* What the second byte may be depends on the first: that keeps out overlong forms, surrogates, and what is above
 * U+10FFFF. */
static bool second_fits(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xe0:
		return second >= 0xa0 && second <= 0xbf;
	case 0xed:
		return second >= 0x80 && second <= 0x9f;
	case 0xf0:
		return second >= 0x90 && second <= 0xbf;
	case 0xf4:
		return second >= 0x80 && second <= 0x8f;
	default:
		return second >= 0x80 && second <= 0xbf;
	}
}

size_t utf8_length(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t len;

	if (p[0] < 0x80)
		return p[0] != 0;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (!second_fits(p[0], p[1]))
		return 0;
	for (size_t i = 2; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	return len;
}

bool utf8_is_valid(const char *text)
{
	size_t len;

	while ((len = utf8_length(text)))
		text += len;
	return !*text;
}

void utf8_repair(const char *text, char *out)
{
	while (*text) {
		size_t len = utf8_length(text);

		if (len) {
			memcpy(out, text, len);
			out += len;
			text += len;
		} else {
			memcpy(out, REPLACEMENT, 3);
			out += 3;
			text++;
		}
	}
	*out = '\0';
}
