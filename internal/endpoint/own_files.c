/* SPDX-License-Identifier: MIT */
#include "endpoint/own_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436 /* of 5.9; the same number on every processor */
#endif
#ifndef CLOSE_RANGE_UNSHARE
#define CLOSE_RANGE_UNSHARE (1U << 1)
#endif

/* /proc/self is the main thread's, whose table is the program's. */
static int close_listed(void)
{
	DIR *folder = opendir("/proc/thread-self/fd");
	struct dirent *entry;

	if (folder == NULL)
		return -errno;
	/* The folder's own descriptor is one of them, and goes last. */
	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.' && atoi(entry->d_name) != dirfd(folder))
			close(atoi(entry->d_name));
	closedir(folder);
	return 0;
}

/* Without close_range(), or where a sandbox does not know it. */
static int unshare_by_hand(void)
{
	return unshare(CLONE_FILES) == 0 ? close_listed() : -errno;
}

int own_files(void)
{
	int error =
		syscall(SYS_close_range, 0U, ~0U, CLOSE_RANGE_UNSHARE) == 0 ? 0 : unshare_by_hand();

	if (error != 0)
		return error;
	for (int fd = 0; fd <= 2; fd++)
		if (open("/dev/null", O_RDWR) != fd)
			return errno != 0 ? -errno : -EBADF;
	return 0;
}
