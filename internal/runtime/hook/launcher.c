/* SPDX-License-Identifier: MIT */
#include "runtime/hook/launcher.h"

#include <limits.h>
#include <string.h>
#include <sys/syscall.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/shell.h"

static const char *const launchers[] = {
	"catchsegv", "chrt",   "docker-init", "dumb-init",	   "env",     "gdb",	 "ionice",
	"ltrace",    "nice",   "nohup",	      "numactl",	   "runuser", "setpriv", "setsid",
	"strace",    "stdbuf", "su",	      "start-stop-daemon", "sudo",    "taskset", "time",
	"timeout",   "tini",   "tini-static", "valgrind",	   "xargs",
};

bool launcher_is_this(void)
{
	char path[PATH_MAX];
	long length = syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", path, sizeof path - 1);
	const char *name;

	path[length > 0 ? length : 0] = '\0';
	name = strrchr(path, '/');
	for (size_t i = 0; name != NULL && i < sizeof launchers / sizeof *launchers; i++)
		if (strcmp(name + 1, launchers[i]) == 0)
			return true;
	return shell_is_one(path);
}
