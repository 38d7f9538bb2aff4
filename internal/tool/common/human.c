/* SPDX-License-Identifier: MIT */
#include "tool/common/human.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct scale {
	const char *name;
	double size;
};

/* Ascending; the end has no name. */
static const struct scale times[] = {
	{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"mins", 60e9}, {"hrs", 3600e9}, {0},
};
static const struct scale sizes[] = {
	{"B", 1},
	{"kB", 1024},
	{"MB", 1048576},
	{"GB", 1073741824},
	{"TB", 1099511627776},
	{"PB", 1125899906842624},
	{0},
};

const char *human_value(char *out, size_t out_size, int64_t value, const char *unit)
{
	const struct scale *scale = strcmp(unit, "nanoseconds") == 0 ? times
				    : strcmp(unit, "bytes") == 0     ? sizes
								     : NULL;
	double magnitude = value < 0 ? -(double)value : (double)value;
	int len;

	if (!scale || !value) {
		snprintf(out, out_size, "%" PRId64, value);
		return out;
	}
	while (scale[1].name && magnitude >= scale[1].size)
		scale++;
	len = snprintf(out, out_size, "%.2f", (double)value / scale->size);
	if (len > 3 && strcmp(out + len - 3, ".00") == 0)
		len -= 3;
	snprintf(out + len, out_size - (size_t)len, "%s", scale->name);
	return out;
}

const char *human_percent(char *out, size_t out_size, int64_t part, int64_t whole)
{
	if (whole)
		snprintf(out, out_size, "%.2f%%", 100.0 * (double)part / (double)whole);
	else
		snprintf(out, out_size, "0%%");
	return out;
}
