/* SPDX-License-Identifier: MIT */
#include "internal/controller/user/fields.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_blanks(const char *s)
{
	return s + strspn(s, " \t\r\n");
}

/* The character that follows a backslash stands for, or 0 when there is no such escape. \u is
 * left out: no field of ours needs it. */
static char unescape(char c)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found = c ? strchr(from, c) : NULL;

	return found ? to[found - from] : '\0';
}

/* Read a string, its quotes too. Returns what follows it, or NULL. */
static const char *read_string(const char *s, struct text *text)
{
	if (*s++ != '"')
		return NULL;
	while (*s != '"') {
		char c = *s++;

		if (c == '\\')
			c = unescape(*s++);
		if ((unsigned char)c < ' ')
			return NULL;
		text_append_char(text, c);
	}
	return s + 1;
}

/* Read "name": "value". Returns what follows it, or NULL. */
static const char *read_member(const char *s, struct text *name, struct text *value)
{
	s = read_string(skip_blanks(s), name);
	if (!s)
		return NULL;
	s = skip_blanks(s);
	if (*s != ':')
		return NULL;
	s = read_string(skip_blanks(s + 1), value);
	return s ? skip_blanks(s) : NULL;
}

int fields_of_json(const char *body, fields_each *each, void *context)
{
	const char *s = skip_blanks(body);
	int error = 0;

	if (*s != '{')
		return -EINVAL;
	do {
		struct text name = {0}, value = {0};

		s = read_member(s + 1, &name, &value);
		if (!s) {
			text_clear(&name);
			text_clear(&value);
			return -EINVAL;
		}
		error = each(context, name, value);
	} while (!error && *s == ',');
	if (error)
		return error;
	return *s == '}' && !*skip_blanks(s + 1) ? 0 : -EINVAL;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) % 16 : -1;
}

/* Read up to one of `ends` or the end of the body. Returns where it stopped, or NULL for a bad
 * escape. */
static const char *read_escaped(const char *s, const char *ends, struct text *text)
{
	while (*s && !strchr(ends, *s)) {
		char c = *s++;

		if (c == '+')
			c = ' ';
		if (c == '%') {
			int high = hex_digit(s[0]);
			int low = high < 0 ? -1 : hex_digit(s[1]);

			if (low < 0 || high + low == 0)
				return NULL;
			c = (char)(high << 4 | low);
			s += 2;
		}
		text_append_char(text, c);
	}
	return s;
}

int fields_of_form(const char *body, fields_each *each, void *context)
{
	const char *s = body;

	for (;;) {
		struct text name = {0}, value = {0};
		int error;

		s = read_escaped(s, "=&", &name);
		if (s && *s == '=')
			s = read_escaped(s + 1, "&", &value);
		if (!s) {
			text_clear(&name);
			text_clear(&value);
			return -EINVAL;
		}
		error = each(context, name, value);
		if (error || !*s)
			return error;
		s++;
	}
}
