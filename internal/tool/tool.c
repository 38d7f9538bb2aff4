/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void tool_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	flockfile(stderr);
	fputs("pprofmk: ", stderr);
	vfprintf(stderr, format, arguments);
	putc('\n', stderr);
	funlockfile(stderr);
	va_end(arguments);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

struct unit {
	const char *name;
	uint64_t size;
};

static const struct unit durations[] = {
	{"ns", 1},
	{"us", 1000},
	{"ms", 1000000},
	{"s", 1000000000},
	{"m", UINT64_C(60) * 1000000000},
	{"h", UINT64_C(3600) * 1000000000},
	{NULL, 0},
};

static const struct unit sizes[] = {
	{"B", 1},	 {"kB", 1 << 10},	    {"KB", 1 << 10}, {"MB", 1 << 20},
	{"GB", 1 << 30}, {"TB", UINT64_C(1) << 40}, {NULL, 0},
};

/* 0 for none of the units. */
static uint64_t unit_size(const struct unit *units, const char *name)
{
	for (; units->name; units++)
		if (strcmp(units->name, name) == 0)
			return units->size;
	return 0;
}

/* A decimal number with one of the units. */
static int read_measure(const char *text, const struct unit *units, uint64_t *result)
{
	char number[32]; /* holds 2^63 - 1 and as many decimals as matter */
	size_t len = 0;
	uint64_t unit;
	long double value;

	while (is_digit(text[len]) || (text[len] == '.' && len))
		len++;
	if (!len || text[len - 1] == '.' || memchr(text, '.', len) != memrchr(text, '.', len))
		return -EINVAL;
	unit = unit_size(units, text + len);
	if (!unit)
		return -EINVAL;
	if (len >= sizeof(number))
		return -ERANGE;
	memcpy(number, text, len);
	number[len] = '\0';
	/* x86-64's long double has 64 bits of mantissa: every value in range is exact enough. */
	value = strtold(number, NULL) * (long double)unit;
	if (value > (long double)INT64_MAX)
		return -ERANGE;
	*result = (uint64_t)(value + 0.5L);
	return 0;
}

int tool_duration(const char *text, uint64_t *ns)
{
	return read_measure(text, durations, ns);
}

int tool_size(const char *text, uint64_t *bytes)
{
	return read_measure(text, sizes, bytes);
}

int tool_number(const char *text, uint64_t min, uint64_t max, uint64_t *number)
{
	uint64_t value = 0;
	const char *p = text;

	for (; is_digit(*p); p++) {
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*p - '0'), &value))
			value = UINT64_MAX;
		if (value > max)
			return p[strspn(p, "0123456789")] ? -EINVAL : -ERANGE;
	}
	if (p == text || *p)
		return -EINVAL;
	if (value < min)
		return -ERANGE;
	*number = value;
	return 0;
}

bool tool_is_terminal(FILE *stream)
{
	const char *term = getenv("TERM");

	return isatty(fileno(stream)) && term && strcmp(term, "dumb") != 0;
}
