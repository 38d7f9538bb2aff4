/* SPDX-License-Identifier: MIT */
/* Which programs are shells, or start another one in their place: what they do themselves nobody wants to see. */
#ifndef PPROFMK_BASE_SHELL_H
#define PPROFMK_BASE_SHELL_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* By the last part of its path. Context: any. */
static inline bool shell_is_one(const char *path)
{
	static const char *const names[] = {"sh",   "bash", "dash", "ash",     "ksh", "ksh93",
					    "mksh", "zsh",  "yash", "busybox", "env"};
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

#endif
