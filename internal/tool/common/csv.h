/* SPDX-License-Identifier: MIT */
/* Comma-separated values, as RFC 4180 has them. */
#ifndef PPROFMK_TOOL_CSV_H
#define PPROFMK_TOOL_CSV_H

#include <stdio.h>
#include <string.h>

/* One field, in quotes where it needs them. What separates it from the next one is the caller's. */
static inline void csv_put(FILE *stream, const char *text)
{
	if (!text[strcspn(text, ",\"\r\n")]) {
		fputs(text, stream);
		return;
	}
	putc('"', stream);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', stream);
		putc(*text, stream);
	}
	putc('"', stream);
}

#endif
