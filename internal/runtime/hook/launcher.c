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

/* "" where it is not known. */
static void read_own_path(char path[static PATH_MAX])
{
	long length = syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", path, PATH_MAX - 1);

	path[length > 0 ? length : 0] = '\0';
}

bool launcher_is_shell(void)
{
	char path[PATH_MAX];

	read_own_path(path);
	return shell_is_one(path);
}

bool launcher_is_this(void)
{
	char path[PATH_MAX];
	const char *name;

	read_own_path(path);
	name = strrchr(path, '/');
	for (size_t i = 0; name != NULL && i < sizeof launchers / sizeof *launchers; i++)
		if (strcmp(name + 1, launchers[i]) == 0)
			return true;
	return shell_is_one(path);
}
