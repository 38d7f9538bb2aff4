/* SPDX-License-Identifier: MIT */
#include "runtime/mute.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/environment.h"

/* System calls directly, for the reason given in rt.c. */

static int copy_high(int fd)
{
	struct rlimit limit = {0, 0};
	long high;

	syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &limit);
	high = limit.rlim_cur > 16 && limit.rlim_cur < 1 << 20 ? (long)limit.rlim_cur - 3 : 1000;
	return (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, high);
}

/* In place: cmocka asks for the variable once, and keeps the pointer. "/" can be opened for reading, so that it takes it for
 * a file that is there, and not for writing. */
static void hide_xml_file(struct mute *mute)
{
	char **entry = environment_entry("CMOCKA_XML_FILE");

	if (entry == NULL)
		return;
	mute->xml_file = strchr(*entry, '=') + 1;
	memcpy(mute->xml_start, mute->xml_file, sizeof mute->xml_start);
	if (mute->xml_start[0] == '\0')
		mute->xml_file = NULL;
	else
		memcpy(mute->xml_file, "/", sizeof mute->xml_start);
}

static void show_xml_file(struct mute *mute)
{
	if (mute->xml_file != NULL)
		memcpy(mute->xml_file, mute->xml_start, sizeof mute->xml_start);
	mute->xml_file = NULL;
}

/* By its path: the test may have put something else at its descriptors. */
void mute_clear(const char *path)
{
	fflush(stdout);
	fflush(stderr);
	syscall(SYS_truncate, path, 0L);
}

void mute_begin(struct mute *mute, const char *path)
{
	long fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (fd < 0)
		return;
	fflush(stdout);
	fflush(stderr);
	hide_xml_file(mute);
	for (int i = 0; i < 2; i++) {
		mute->saved[i] = copy_high(STDOUT_FILENO + i);
		if (mute->saved[i] >= 0)
			syscall(SYS_dup3, fd, STDOUT_FILENO + i, 0);
	}
	syscall(SYS_close, fd);
}

void mute_end(struct mute *mute)
{
	fflush(stdout);
	fflush(stderr);
	show_xml_file(mute);
	for (int i = 0; i < 2; i++) {
		if (mute->saved[i] < 0)
			continue;
		syscall(SYS_dup3, mute->saved[i], STDOUT_FILENO + i, 0);
		syscall(SYS_close, mute->saved[i]);
		mute->saved[i] = -1;
	}
}
