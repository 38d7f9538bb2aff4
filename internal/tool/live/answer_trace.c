/* SPDX-License-Identifier: MIT */
#include "tool/live/answer_trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/trace/trace_raw_file.h"

/* Writers of traces need a folder, since they finish by rename. In memory only where there is no disk. */
static const char *const folders[] = {"/tmp", "/var/tmp", "/dev/shm"};

enum { FOLDER_BYTES = 32 };

static bool make_folder(char path[FOLDER_BYTES])
{
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		snprintf(path, FOLDER_BYTES, "%s/pprofmk-XXXXXX", folders[i]);
		if (mkdtemp(path) != NULL)
			return true;
	}
	return false;
}

/* Its file's name goes at once: it is the descriptor's from then on. */
static int finish(int raw, pid_t process, const char *folder)
{
	char from[FOLDER_BYTES], to[FOLDER_BYTES + sizeof "/trace"];
	int result, fd;

	snprintf(from, sizeof from, "/proc/self/fd/%d", raw);
	snprintf(to, sizeof to, "%s/trace", folder);
	result = trace_raw_file_finish(from, to, process);
	if (result != 0)
		return result;
	fd = open(to, O_RDONLY | O_CLOEXEC);
	result = -errno;
	unlink(to);
	return fd >= 0 ? fd : result;
}

int answer_trace(int raw, pid_t process, char *error, size_t error_size)
{
	char folder[FOLDER_BYTES];
	int fd;

	if (make_folder(folder)) {
		fd = finish(raw, process, folder);
		rmdir(folder);
	} else {
		fd = -errno;
	}
	close(raw);
	if (fd < 0)
		snprintf(error, error_size, "trace: %s", strerror(-fd));
	return fd;
}
