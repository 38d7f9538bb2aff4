/* SPDX-License-Identifier: MIT */
/* What a benchmark is called in Go's format; declared in bench_result.h. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xalloc.h"
#include "tool/bench/bench_result.h"

static const char *const prefixes[] = {"bench_", "benchmark_"};

bool bench_is_named(const char *test)
{
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (strncmp(test, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

bool bench_is_one(const struct catalog_test *test)
{
	return test->as->is_benchmark || bench_is_named(test->name);
}

static const char *without_prefix(const char *test)
{
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (strncmp(test, prefixes[i], strlen(prefixes[i])) == 0)
			return test + strlen(prefixes[i]);
	return test;
}

/* Code point of a well-formed character. */
static uint32_t code_of(const char *text, size_t length)
{
	uint32_t code = (unsigned char)*text;

	if (length > 1)
		code &= 0x7fu >> length;
	for (size_t i = 1; i < length; i++)
		code = code << 6 | ((unsigned char)text[i] & 0x3fu);
	return code;
}

/* Readers of the format split lines at Unicode's white space (its property White_Space), and terminals obey controls. */
static bool is_graphic(uint32_t code)
{
	if (code <= ' ' || (code >= 0x7f && code <= 0xa0))
		return false;
	return !(code == 0x1680 || (code >= 0x2000 && code <= 0x200a) || code == 0x2028 ||
		 code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000);
}

/* Copy a name with what would end it in a line, or is no text, as "_". Returns the end of the copy. */
static char *copy_graphic(char *out, const char *text)
{
	while (*text != '\0') {
		size_t length = utf8_length(text);

		if (length != 0 && is_graphic(code_of(text, length))) {
			memcpy(out, text, length);
			out += length;
		} else {
			*out++ = '_';
		}
		text += length != 0 ? length : 1;
	}
	*out = '\0';
	return out;
}

char *bench_graphic(const char *text)
{
	char *copy = xmalloc(strlen(text) + 1);

	copy_graphic(copy, text);
	return copy;
}

/* An underscore goes, and the letter behind it becomes a capital one; between digits it stays: 1_64 is not 164. */
static void camel(char *name)
{
	char *out = name;
	bool is_start = true;
	char before = '\0';

	for (const char *p = name; *p != '\0'; p++) {
		bool is_between = isdigit((unsigned char)before) && isdigit((unsigned char)p[1]);

		if (*p == '_' && !is_between) {
			is_start = true;
		} else {
			*out++ = is_start ? (char)toupper((unsigned char)*p) : *p;
			is_start = false;
		}
		before = *p;
	}
	*out = '\0';
}

char *bench_name(const struct catalog_test *test)
{
	const char *bare = without_prefix(test->name);
	char *name = xstrdup(bare);
	char *whole;

	/* First the underscores of the name, then those that stand for something else. */
	camel(name);
	whole = bench_graphic(name);
	free(name);
	name = test->occurrence > 1
		       ? xasprintf("Benchmark%s#%02u", whole, (unsigned)test->occurrence - 1)
		       : xasprintf("Benchmark%s", whole);
	free(whole);
	return name;
}

char *bench_full_name(const struct catalog_test *test, const char *sub, unsigned cpus)
{
	char *name = bench_name(test);
	char *full = xmalloc(strlen(name) + strlen(sub) + 16);
	char *out = stpcpy(full, name);

	if (*sub != '\0') {
		*out++ = '/';
		out = copy_graphic(out, sub);
	}
	if (cpus > 1)
		sprintf(out, "-%u", cpus);
	free(name);
	return full;
}
