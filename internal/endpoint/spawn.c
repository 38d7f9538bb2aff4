/* SPDX-License-Identifier: MIT */
#include "endpoint/spawn.h"

#include <errno.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436 /* of 5.9; the same number on every processor */
#endif

enum { STACK_BYTES = 64 << 10 };

/* A tenth of what a thread of the program gets where both want the same processor. With 19, a seventieth, a first answer took more than
 * a minute on two processors with a load of 13: who asks has given up by then. */
enum { NICE = 10 };

/* What the steps tell each other: they share our memory, and each waits for the one that it has made. */
struct steps {
	const char *path;
	char *const *argv;
	int input;
	char *second_stack;
	int error;
	pid_t pid;
};

/* In the process that will be the program. Not execvpe or the like: this is between vfork and exec. */
static int step_exec(void *argument)
{
	static char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", NULL};
	struct steps *steps = argument;

	dup2(steps->input, STDIN_FILENO);
	/* Whatever was not made to be closed by exec. */
	syscall(SYS_close_range, STDERR_FILENO + 1U, ~0U, 0U);
	/* Not a session of its own: that has a share of the processors like the program's. */
	setpgid(0, 0);
	setpriority(PRIO_PROCESS, 0, NICE);
	execve(steps->path, steps->argv, environment);
	steps->error = errno;
	_exit(127);
}

/* In the one between, which ends at once, so that the program has no parent here. */
static int step_between(void *argument)
{
	struct steps *steps = argument;

	steps->pid =
		clone(step_exec, steps->second_stack + STACK_BYTES, CLONE_VM | CLONE_VFORK, steps);
	if (steps->pid < 0)
		steps->error = errno;
	_exit(0);
}

pid_t spawn(const char *path, char *const argv[], int input)
{
	/* volatile: written by processes that the compiler does not see. */
	volatile struct steps steps = {.path = path, .argv = argv, .input = input};
	char *stacks = mmap(NULL, 2 * STACK_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	pid_t between;

	if (stacks == MAP_FAILED)
		return -errno;
	steps.second_stack = stacks + STACK_BYTES;
	/* Its end sends no signal (the last byte of the flags), and only a wait with __WCLONE finds it. */
	between = clone(step_between, stacks + STACK_BYTES, CLONE_VM | CLONE_VFORK, (void *)&steps);
	if (between < 0)
		steps.error = errno;
	else
		while (waitpid(between, NULL, __WCLONE) < 0 && errno == EINTR)
			;
	munmap(stacks, 2 * STACK_BYTES);
	return steps.error != 0 ? -steps.error : steps.pid;
}

void spawn_reap(pid_t *pid)
{
	int is_subreaper = 0;

	prctl(PR_GET_CHILD_SUBREAPER, &is_subreaper);
	if (*pid > 0 && (is_subreaper || getpid() == 1) && waitpid(*pid, NULL, WNOHANG) == 0)
		return;
	*pid = 0;
}
