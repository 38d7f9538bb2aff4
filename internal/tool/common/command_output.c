/* SPDX-License-Identifier: MIT */
#include "tool/common/command_output.h"

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

#define LIMIT_MS      10000
#define LINE_SIZE     4096
#define ALL_LIMIT_MS  60000
#define ALL_MAX_BYTES ((size_t)256 << 20)

/* What a command has printed, as far as it is kept; with a NUL behind. */
struct output {
	char *bytes;
	size_t len, cap, max;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* In the child. Only calls that are allowed after fork. */
static void become(const char *folder, char *const *words, int output)
{
	int nothing = open("/dev/null", O_RDWR);

	if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(output, 1) < 0 || dup2(nothing, 2) < 0 ||
	    chdir(folder) != 0)
		_exit(127);
	execv(words[0], words);
	_exit(127);
}

static void keep(struct output *output, const char *bytes, size_t size)
{
	if (size > output->max - output->len)
		size = output->max - output->len;
	while (output->cap < output->len + size + 1) {
		output->cap = output->cap != 0 ? 2 * output->cap : LINE_SIZE;
		output->bytes = xrealloc(output->bytes, output->cap, 1);
	}
	memcpy(output->bytes + output->len, bytes, size);
	output->len += size;
	output->bytes[output->len] = '\0';
}

/* Read until the end or the time limit. Returns whether the end was reached. */
static bool read_output(int fd, struct output *output, int limit_ms)
{
	int64_t end = now_ms() + limit_ms;

	keep(output, "", 0);
	for (;;) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};
		int64_t left = end - now_ms();
		char part[LINE_SIZE];
		ssize_t got;

		if (left <= 0)
			return false;
		if (poll(&wait, 1, (int)left) <= 0)
			continue;
		/* What is not kept is read too: the command is not to die of a closed pipe. */
		got = read(fd, part, sizeof part);
		if (got == 0 || (got < 0 && errno != EINTR))
			return got == 0;
		if (got > 0)
			keep(output, part, (size_t)got);
	}
}

/* Returns the command's status as waitpid() has it, -1 when it could not be run to its end. */
static int run(const char *folder, char *const *words, struct output *output, int limit_ms)
{
	int ends[2], status = -1;
	bool done;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	child = fork();
	if (child == 0)
		become(folder, words, ends[1]);
	close(ends[1]);
	done = child > 0 && read_output(ends[0], output, limit_ms);
	close(ends[0]);
	if (child > 0 && !done)
		kill(child, SIGKILL);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return done ? status : -1;
}

char *command_output(char *const *words)
{
	struct output output = {.max = LINE_SIZE - 1};
	int status = run("/", words, &output, LIMIT_MS);

	if (output.bytes == NULL)
		return NULL;
	output.bytes[strcspn(output.bytes, "\n")] = '\0';
	if (status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0 && *output.bytes != '\0')
		return output.bytes;
	free(output.bytes);
	return NULL;
}

char *command_output_all(const char *folder, char *const *words, size_t *size)
{
	struct output output = {.max = ALL_MAX_BYTES};
	int status = run(folder, words, &output, ALL_LIMIT_MS);

	*size = output.len;
	if (status != -1)
		return output.bytes;
	free(output.bytes);
	return NULL;
}
