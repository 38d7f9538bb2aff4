/* SPDX-License-Identifier: MIT */
#include "tool/common/names.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "base/xalloc.h"

/* RESERVED.json is no test's. */
#define RESERVED	 "index"
#define RESERVED_ESCAPED "%69ndex"

static const char hex_digits[] = "0123456789ABCDEF";

static bool is_plain(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (c && strchr("._+=,@#-", c));
}

/* Cut a stem so that "%~" and the hash fit, not inside a %XX. */
static void cut(char *stem, const char *test)
{
	size_t keep = NAMES_STEM_MAX - 18;

	for (size_t back = 1; back <= 2; back++) {
		if (stem[keep - back] == '%') {
			keep -= back;
			break;
		}
	}
	snprintf(stem + keep, NAMES_STEM_MAX + 1 - keep, "%%~%016" PRIx64,
		 hash_bytes(HASH_START, test, strlen(test)));
}

char *names_stem(const char *test)
{
	/* At least as much as cut() writes. */
	char *stem = xmalloc(strlen(test) * 3 + NAMES_STEM_MAX + 1);
	char *out = stem;

	for (const char *p = test; *p; p++) {
		if (is_plain((unsigned char)*p) && !(p == test && *p == '.')) {
			*out++ = *p;
		} else {
			*out++ = '%';
			*out++ = hex_digits[(unsigned char)*p >> 4];
			*out++ = hex_digits[(unsigned char)*p & 15];
		}
	}
	if (out == stem)
		*out++ = '%';
	*out = '\0';
	if (out - stem > NAMES_STEM_MAX)
		cut(stem, test);
	if (strcmp(stem, RESERVED) == 0)
		memcpy(stem, RESERVED_ESCAPED, sizeof RESERVED_ESCAPED);
	return stem;
}

/* The byte of "XX" as names_stem() writes it, or 0. */
static unsigned char byte_of(const char *digits)
{
	const char *high = digits[0] ? strchr(hex_digits, digits[0]) : NULL;
	const char *low = high && digits[1] ? strchr(hex_digits, digits[1]) : NULL;

	return low ? (unsigned char)((high - hex_digits) << 4 | (low - hex_digits)) : 0;
}

char *names_test(const char *stem)
{
	char *test = xmalloc(strlen(stem) + 1);
	char *out = test;
	char *again;
	bool ours;

	for (const char *p = stem; *p; p++) {
		unsigned char byte = (unsigned char)*p;

		if (*p == '%' && strcmp(stem, "%") == 0)
			break;
		if (*p == '%') {
			byte = byte_of(p + 1);
			p += byte ? 2 : 0;
		}
		*out++ = (char)byte; /* 0 ends the name early, which the comparison below refuses */
	}
	*out = '\0';
	again = names_stem(test);
	ours = strcmp(again, stem) == 0;
	free(again);
	if (ours)
		return test;
	free(test);
	return NULL;
}

char *names_printable(const char *name)
{
	char *printable = xmalloc(4 * strlen(name) + 1);
	char *out = printable;

	for (; *name; name++) {
		if ((unsigned char)*name < ' ' || *name == 0x7f)
			out += sprintf(out, "\\x%02x", (unsigned char)*name);
		else
			*out++ = *name;
	}
	*out = '\0';
	return printable;
}

char *names_utf8(const char *name)
{
	char *escaped = xmalloc(4 * strlen(name) + 1);
	char *out = escaped;

	if (utf8_is_valid(name))
		return memcpy(escaped, name, strlen(name) + 1);
	for (; *name; name++) {
		if ((unsigned char)*name < 0x80)
			*out++ = *name;
		else
			out += sprintf(out, "\\x%02x", (unsigned char)*name);
	}
	*out = '\0';
	return escaped;
}
