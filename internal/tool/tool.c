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

/* Nanoseconds of a unit, 0 for no unit of ours. */
static uint64_t unit_ns(const char *unit)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {
		{"ns", 1},
		{"us", 1000},
		{"ms", 1000000},
		{"s", 1000000000},
		{"m", UINT64_C(60) * 1000000000},
		{"h", UINT64_C(3600) * 1000000000},
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(unit, units[i].name) == 0)
			return units[i].ns;
	}
	return 0;
}

int tool_duration(const char *text, uint64_t *ns)
{
	char number[32]; /* holds 2^63 - 1 and as many decimals as matter */
	size_t len = 0;
	uint64_t unit;
	long double value;

	while (is_digit(text[len]) || (text[len] == '.' && len))
		len++;
	if (!len || text[len - 1] == '.' || memchr(text, '.', len) != memrchr(text, '.', len))
		return -EINVAL;
	unit = unit_ns(text + len);
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
	*ns = (uint64_t)(value + 0.5L);
	return 0;
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
