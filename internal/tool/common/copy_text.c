/* SPDX-License-Identifier: MIT */
#include "tool/common/copy_text.h"

#include <unistd.h>

#include "format/write_file.h"

void copy_text(int from, int to)
{
	char buffer[4096];
	ssize_t length;

	for (off_t at = 0; (length = pread(from, buffer, sizeof buffer, at)) > 0; at += length)
		if (fmt_write_all(to, buffer, (size_t)length) != 0)
			return;
}
