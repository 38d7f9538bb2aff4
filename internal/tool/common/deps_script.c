/* SPDX-License-Identifier: MIT */
#include "tool/common/deps_script.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/common/own_folder.h"

const char *deps_script(void)
{
	/* From the tool's folder: PREFIX/bin, and _output/build/bin of the repository. */
	static const char *const places[] = {"../share/pprofmk/scripts/deps.sh",
					     "../../../scripts/deps.sh"};
	static char found[PATH_MAX];
	char *folder = found[0] == '\0' ? own_folder() : NULL, *path;

	for (size_t i = 0; folder != NULL && i < sizeof places / sizeof *places && found[0] == '\0';
	     i++) {
		path = xasprintf("%s/%s", folder, places[i]);
		if (realpath(path, found) == NULL || access(found, X_OK) != 0)
			found[0] = '\0';
		free(path);
	}
	free(folder);
	return found[0] != '\0' ? found : "scripts/deps.sh";
}
