/* SPDX-License-Identifier: MIT */
#include "endpoint/query.h"

#include <string.h>

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The byte of "XX", 0 where these are no two digits. */
static char byte_of(const char *digits)
{
	int high = digit_of(digits[0]);
	int low = high >= 0 ? digit_of(digits[1]) : -1;

	return low >= 0 ? (char)(high << 4 | low) : '\0';
}

/* `plus` is what stands for a space in a query. */
static bool unescape(char *text, char plus)
{
	char *out = text;

	for (; *text != '\0'; text++) {
		char c = *text;

		if (c == '%') {
			c = byte_of(text + 1);
			if (c == '\0')
				return false;
			text += 2;
		} else if (c == plus) {
			c = ' ';
		}
		*out++ = c;
	}
	*out = '\0';
	return true;
}

bool query_unescape(char *text)
{
	return unescape(text, '\0');
}

/* One part's name or value in text[size]. */
static bool take(const char *from, size_t length, char *text, size_t size)
{
	if (length >= size || memchr(from, ';', length) != NULL)
		return false;
	memcpy(text, from, length);
	text[length] = '\0';
	return unescape(text, '+');
}

static bool part_value(const char *part, size_t length, const char *name, char *value, size_t size)
{
	const char *equals = memchr(part, '=', length);
	size_t name_length = equals != NULL ? (size_t)(equals - part) : length;
	char given[32];

	if (!take(part, name_length, given, sizeof given) || strcmp(given, name) != 0)
		return false;
	if (equals == NULL)
		return take("", 0, value, size);
	return take(equals + 1, length - name_length - 1, value, size);
}

bool query_value(const char *query, const char *name, char *value, size_t size)
{
	for (size_t length; query != NULL;
	     query = query[length] != '\0' ? query + length + 1 : NULL) {
		length = strcspn(query, "&");
		if (part_value(query, length, name, value, size))
			return true;
	}
	value[0] = '\0';
	return false;
}

bool query_int(const char *text, int64_t *number)
{
	bool is_negative = *text == '-';
	uint64_t most = (uint64_t)INT64_MAX + is_negative, sum = 0;
	bool is_in_range = true;

	*number = 0;
	text += *text == '-' || *text == '+';
	if (*text == '\0')
		return false;
	for (; *text >= '0' && *text <= '9'; text++) {
		uint64_t digit = (uint64_t)(*text - '0');

		is_in_range = is_in_range && sum <= (most - digit) / 10;
		sum = is_in_range ? sum * 10 + digit : most;
	}
	if (*text != '\0')
		return false;
	*number = is_negative ? (int64_t)(0 - sum) : (int64_t)sum;
	return is_in_range;
}

/* Times ten to a power, which may be far beyond what a double can hold. */
static double scaled(double value, int64_t power)
{
	for (; power > 0 && value != 0 && value < 1e300; power--)
		value *= 10;
	for (; power < 0 && value > 1e-300; power++)
		value /= 10;
	return power == 0 || value == 0 ? value : power < 0 ? 0 : -1;
}

bool query_float(const char *text, double *number)
{
	bool is_negative = *text == '-', has_digits = false, is_behind_point = false;
	int64_t power = 0, exponent = 0;
	double sum = 0;

	*number = 0;
	for (text += *text == '-' || *text == '+'; *text != '\0'; text++) {
		if (*text == '.' && !is_behind_point) {
			is_behind_point = true;
		} else if (*text >= '0' && *text <= '9') {
			has_digits = true;
			sum = sum * 10 + (*text - '0');
			power -= is_behind_point;
		} else {
			break;
		}
	}
	if (has_digits && (*text == 'e' || *text == 'E') && query_int(text + 1, &exponent))
		text = "";
	if (!has_digits || *text != '\0' || exponent > 1000 || exponent < -100000)
		return false;
	sum = scaled(sum, power + exponent);
	if (!(sum >= 0 && sum <= 1e300))
		return false;
	*number = is_negative ? -sum : sum;
	return true;
}
