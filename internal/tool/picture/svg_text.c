/* SPDX-License-Identifier: MIT */
#include "tool/picture/svg_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xalloc.h"

#define REPLACEMENT 0xfffd
#define ELLIPSIS    "\xe2\x80\xa6"

/* The character of a well-formed sequence. */
static uint32_t decode(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;
	uint32_t code = len == 1 ? p[0] : p[0] & (0xffu >> (len + 1));

	for (size_t i = 1; i < len; i++)
		code = code << 6 | (p[i] & 0x3fu);
	return code;
}

/* Controls, what XML 1.0 forbids, and what turns the text around it: nobody could trust what is read. */
static bool is_harmful(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code & 0xfffe) == 0xfffe ||
	       code == 0x61c || (code >= 0x200b && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) ||
	       code == 0xfeff;
}

/* Hangul, ideographs, emoji and all beyond take two columns, or are counted so. */
static size_t columns_of(uint32_t code)
{
	return code >= 0x1100 && code != REPLACEMENT ? 2 : 1;
}

/* The next character, NULL at the end. Bytes that are none are passed one by one. */
static const char *next_character(const char *text, uint32_t *code)
{
	size_t len = utf8_length(text);

	if (!*text)
		return NULL;
	*code = len ? decode(text, len) : REPLACEMENT;
	if (is_harmful(*code))
		*code = REPLACEMENT;
	return text + (len ? len : 1);
}

static bool fits(const char *text, size_t columns)
{
	uint32_t code;

	while ((text = next_character(text, &code))) {
		if (columns_of(code) > columns)
			return false;
		columns -= columns_of(code);
	}
	return true;
}

char *svg_clean(const char *text, size_t columns)
{
	/* A byte may become three; and the ellipsis. */
	char *out = xmalloc(3 * strlen(text) + sizeof(ELLIPSIS)), *end = out;
	bool is_cut = !fits(text, columns);
	const char *next;
	uint32_t code;

	if (is_cut && columns)
		columns--;
	while ((next = next_character(text, &code)) && columns_of(code) <= columns) {
		size_t len = code == REPLACEMENT ? 3 : (size_t)(next - text);

		memcpy(end, code == REPLACEMENT ? "\xef\xbf\xbd" : text, len);
		end += len;
		columns -= columns_of(code);
		text = next;
	}
	if (is_cut && end > out)
		end = stpcpy(end, ELLIPSIS);
	*end = '\0';
	return out;
}

void svg_escape(FILE *stream, const char *clean)
{
	for (; *clean; clean++) {
		switch (*clean) {
		case '&':
			fputs("&amp;", stream);
			break;
		case '<':
			fputs("&lt;", stream);
			break;
		case '>':
			fputs("&gt;", stream);
			break;
		case '"':
			fputs("&quot;", stream);
			break;
		default:
			putc(*clean, stream);
		}
	}
}

void svg_text(FILE *stream, const char *text, size_t columns)
{
	char *clean = svg_clean(text, columns);

	svg_escape(stream, clean);
	free(clean);
}
