/* SPDX-License-Identifier: MIT */
/* links: tool */
/* A profile of what a running program handed out: live_profile_make NAME OUT.pb.gz FILE [BASE]    NAME: of Go's profiles */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/live/live_profile.h"

static void open_or_leave(struct recording *recording, const char *path)
{
	char error[256];

	if (live_recording_open(recording, open(path, O_RDONLY | O_CLOEXEC), error, sizeof error))
		return;
	fprintf(stderr, "%s: %s\n", path, error);
	exit(1);
}

int main(int count, char **arguments)
{
	struct recording now, base;
	int error;

	if (count < 4)
		return 2;
	open_or_leave(&now, arguments[3]);
	if (count > 4)
		open_or_leave(&base, arguments[4]);
	error = profile_write(
		live_profile(arguments[1], &now, count > 4 ? &base : NULL, sym_open()),
		arguments[2]);
	if (error != 0)
		fprintf(stderr, "%s: %s\n", arguments[2], strerror(-error));
	return error != 0;
}
