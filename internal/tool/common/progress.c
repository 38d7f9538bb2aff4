/* SPDX-License-Identifier: MIT */
#include "tool/common/progress.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "tool/tool.h"

/* To the line's beginning, and clear from there. */
#define CLEAR_LINE "\r\033[K"

static bool is_shown;

void progress_show(const char *format, ...)
{
	va_list arguments;

	if (!tool_is_terminal(stdout))
		return;
	fputs(CLEAR_LINE, stdout);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	fflush(stdout);
	is_shown = true;
}

void progress_clear(void)
{
	if (!is_shown)
		return;
	fputs(CLEAR_LINE, stdout);
	fflush(stdout);
	is_shown = false;
}
