/* SPDX-License-Identifier: MIT */
#include "internal/text/text.h"

#include <stdlib.h>
#include <string.h>

static const char digits[] = "0123456789abcdef";

void text_append_char(struct text *text, char c)
{
	char *bytes = text->failed ? NULL : realloc(text->bytes, text->len + 2);

	if (!bytes) {
		text->failed = 1;
		return;
	}
	bytes[text->len++] = c;
	bytes[text->len] = '\0';
	text->bytes = bytes;
}

void text_append(struct text *text, const char *s)
{
	while (*s)
		text_append_char(text, *s++);
}

void text_append_hex(struct text *text, const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		text_append_char(text, digits[bytes[i] >> 4]);
		text_append_char(text, digits[bytes[i] & 15]);
	}
}

static int is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-._~", c));
}

void text_append_form(struct text *text, const char *s)
{
	for (; *s; s++) {
		uint8_t byte = (uint8_t)*s;

		if (is_plain(*s)) {
			text_append_char(text, *s);
		} else if (*s == ' ') {
			text_append_char(text, '+');
		} else {
			text_append_char(text, '%');
			text_append_hex(text, &byte, 1);
		}
	}
}

/* The field that a {name} at `s` stands for, or NULL. */
static const struct text_field *field_at(const char *s, const struct text_field *fields,
					 size_t count)
{
	size_t len = strcspn(s, "}");

	if (*s != '{' || !s[len])
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (strlen(fields[i].name) == len - 1 &&
		    memcmp(fields[i].name, s + 1, len - 1) == 0)
			return &fields[i];
	return NULL;
}

void text_expand(struct text *text, const char *format, const struct text_field *fields,
		 size_t count)
{
	while (*format) {
		const struct text_field *field = field_at(format, fields, count);

		if (field) {
			text_append(text, field->value);
			format = strchr(format, '}') + 1;
		} else {
			text_append_char(text, *format++);
		}
	}
}

void text_clear(struct text *text)
{
	free(text->bytes);
	*text = (struct text){0};
}
