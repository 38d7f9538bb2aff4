/* SPDX-License-Identifier: MIT */
#include "tool/command_output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/xalloc.h"

#define LIMIT_MS  10000
#define LINE_SIZE 4096

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* In the child. Only calls that are allowed after fork. */
static void become(char *const *words, int output)
{
	int nothing = open("/dev/null", O_RDWR);

	if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(output, 1) < 0 || dup2(nothing, 2) < 0 ||
	    chdir("/") != 0)
		_exit(127);
	execv(words[0], words);
	_exit(127);
}

/* Read until the end or the time limit. Returns whether the end was reached. */
static bool read_line(int fd, char *line)
{
	int64_t end = now_ms() + LIMIT_MS;
	size_t len = 0;

	for (;;) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};
		int64_t left = end - now_ms();
		char rest[512];
		ssize_t got;

		if (left <= 0)
			return false;
		if (poll(&wait, 1, (int)left) <= 0)
			continue;
		/* What comes after the first line is read too: the command is not to die of a closed pipe. */
		got = len < LINE_SIZE - 1 ? read(fd, line + len, LINE_SIZE - 1 - len)
					  : read(fd, rest, sizeof(rest));
		if (got == 0 || (got < 0 && errno != EINTR)) {
			line[len] = '\0';
			return got == 0;
		}
		if (got > 0 && len < LINE_SIZE - 1)
			len += (size_t)got;
	}
}

char *command_output(char *const *words)
{
	char line[LINE_SIZE] = "";
	int ends[2], status = -1;
	bool done;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return NULL;
	child = fork();
	if (child == 0)
		become(words, ends[1]);
	close(ends[1]);
	done = child > 0 && read_line(ends[0], line);
	close(ends[0]);
	if (child > 0 && !done)
		kill(child, SIGKILL);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	line[strcspn(line, "\n")] = '\0';
	return done && WIFEXITED(status) && WEXITSTATUS(status) == 0 && *line ? xstrdup(line)
									      : NULL;
}
