/* SPDX-License-Identifier: MIT */
#ifndef PPROFMK_BASE_SUM_H
#define PPROFMK_BASE_SUM_H

#include <stdint.h>

/* a + b, stopping at the ends of int64_t. */
static inline int64_t sum_saturating(int64_t a, int64_t b)
{
	int64_t result;

	if (__builtin_add_overflow(a, b, &result))
		return a < 0 ? INT64_MIN : INT64_MAX;
	return result;
}

/* |a|, INT64_MAX for the one that has none. */
static inline int64_t sum_magnitude(int64_t a)
{
	if (a == INT64_MIN)
		return INT64_MAX;
	return a < 0 ? -a : a;
}

#endif
