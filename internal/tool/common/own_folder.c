/* SPDX-License-Identifier: MIT */
#include "tool/common/own_folder.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"

char *own_folder(void)
{
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);

	if (length <= 0)
		return NULL;
	self[length] = '\0';
	*strrchr(self, '/') = '\0';
	return xstrdup(self);
}
