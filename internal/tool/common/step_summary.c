/* SPDX-License-Identifier: MIT */
#include "tool/common/step_summary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "format/write_file.h"
#include "tool/tool.h"

bool step_summary_add(const char *markdown)
{
	const char *path = getenv("GITHUB_STEP_SUMMARY");
	int fd, error;

	if (!path || !*path)
		return true;
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	error = fd >= 0 ? fmt_write_all(fd, markdown, strlen(markdown)) : -errno;
	if (fd >= 0 && close(fd) != 0 && !error)
		error = -errno;
	if (error)
		tool_error("%s (GITHUB_STEP_SUMMARY): %s", path, strerror(-error));
	return !error;
}
