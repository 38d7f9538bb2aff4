/* SPDX-License-Identifier: MIT */
#include "base/xalloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void xalloc_failed(void)
{
	fputs("pprofmk: out of memory\n", stderr);
	exit(1);
}

static void *checked(void *memory)
{
	if (!memory)
		xalloc_failed();
	return memory;
}

void *xmalloc(size_t size_bytes)
{
	return checked(malloc(size_bytes ? size_bytes : 1));
}

void *xcalloc(size_t count, size_t size_bytes)
{
	return checked(calloc(count ? count : 1, size_bytes ? size_bytes : 1));
}

void *xrealloc(void *memory, size_t count, size_t size_bytes)
{
	if (!count || !size_bytes)
		count = size_bytes = 1;
	return checked(reallocarray(memory, count, size_bytes));
}

char *xstrdup(const char *text)
{
	return checked(strdup(text));
}

char *xvasprintf(const char *format, va_list arguments)
{
	char *text;

	if (vasprintf(&text, format, arguments) < 0)
		xalloc_failed();
	return text;
}

char *xasprintf(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	return text;
}

void *xgrow(void *items, size_t len, size_t *cap, size_t item_size)
{
	if (len < *cap)
		return items;
	if (*cap > SIZE_MAX / 2)
		xalloc_failed();
	*cap = *cap ? *cap * 2 : 8;
	return xrealloc(items, *cap, item_size);
}
