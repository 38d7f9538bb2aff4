/* SPDX-License-Identifier: MIT */
/* Text that grows, and the few ways this service writes it. */
#ifndef SEND_CODE_TEXT_TEXT_H
#define SEND_CODE_TEXT_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct text {
	char *bytes; /* zero-terminated, NULL while empty; the text's own */
	size_t len;  /* without the zero */
	int failed;  /* out of memory: what was appended since is missing */
};

/* All zero is an empty text. Every append may fail for want of memory; then `failed` is set and
 * the text keeps what it had. Look at it once, at the end. */
void text_append_char(struct text *text, char c);
void text_append(struct text *text, const char *s);
void text_append_hex(struct text *text, const uint8_t *bytes, size_t size);

/* Append `s` as a value of an application/x-www-form-urlencoded body. */
void text_append_form(struct text *text, const char *s);

/* What stands for {name} in a format. */
struct text_field {
	const char *name, *value;
};

/* Append `format` with each {name} replaced by its field's value. A name that no field has stays
 * as it is. */
void text_expand(struct text *text, const char *format, const struct text_field *fields,
		 size_t count);

/* Give the bytes back; the text is empty again. */
void text_clear(struct text *text);

#endif
