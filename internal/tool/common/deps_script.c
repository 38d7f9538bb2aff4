/* SPDX-License-Identifier: MIT */
#include "tool/common/deps_script.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"

const char *deps_script(void)
{
	/* From the tool's folder: PREFIX/bin, and _output/build/bin of the repository. */
	static const char *const places[] = {"../share/pprofmk/scripts/deps.sh",
					     "../../../scripts/deps.sh"};
	static char found[PATH_MAX];
	char self[PATH_MAX], *path;
	ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);

	if (length <= 0 || found[0] != '\0')
		return found[0] != '\0' ? found : "scripts/deps.sh";
	self[length] = '\0';
	*strrchr(self, '/') = '\0';
	for (size_t i = 0; i < sizeof places / sizeof *places && found[0] == '\0'; i++) {
		path = xasprintf("%s/%s", self, places[i]);
		if (realpath(path, found) == NULL || access(found, X_OK) != 0)
			found[0] = '\0';
		free(path);
	}
	return found[0] != '\0' ? found : "scripts/deps.sh";
}
