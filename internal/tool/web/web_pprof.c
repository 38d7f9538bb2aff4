/* SPDX-License-Identifier: MIT */
#include "tool/web/web_pprof.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tool/tool.h"

#define WORDS_MAX     16
#define STOP_LIMIT_MS 2000
#define STOP_STEP_MS  10

void web_pprof_init(struct web_pprof *pprof)
{
	*pprof = (struct web_pprof){.errors_fd = -1};
}

/* In the child. Only calls that are allowed after fork. SIGTERM rather than SIGKILL: `go tool` hands it on. */
static void become(char **words, int errors, pid_t parent)
{
	int nothing = open("/dev/null", O_RDWR);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent || nothing < 0 || dup2(nothing, 0) < 0 || dup2(errors, 1) < 0 ||
	    dup2(errors, 2) < 0)
		_exit(127);
	execv(words[0], words);
	_exit(127);
}

/* Our profiles have their names: pprof is not to look for more, which takes long and fails loudly. */
static size_t make_words(char **words, const struct pprof_program *program,
			 const struct web_view *view, uint16_t port)
{
	size_t count = 0;

	for (size_t i = 0; program->words[i]; i++)
		words[count++] = xstrdup(program->words[i]);
	words[count++] = xasprintf("-http=127.0.0.1:%u", port);
	words[count++] = xstrdup("-no_browser");
	words[count++] = xstrdup("-symbolize=none");
	words[count++] = xasprintf("-sample_index=%s", view->sample_type);
	if (view->trim_path)
		words[count++] = xasprintf("-trim_path=%s", view->trim_path);
	if (view->base)
		words[count++] = xasprintf("-diff_base=%s", view->base);
	words[count++] = xstrdup(view->file);
	words[count] = NULL;
	return count;
}

int web_pprof_start(struct web_pprof *pprof, const struct pprof_program *program,
		    const struct web_view *view, uint16_t port)
{
	pid_t parent = getpid();
	char *words[WORDS_MAX];
	size_t count;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -errno;
	count = make_words(words, program, view, port);
	pprof->errors_fd = ends[0];
	pprof->pid = fork();
	if (pprof->pid == 0)
		become(words, ends[1], parent);
	close(ends[1]);
	while (count)
		free(words[--count]);
	pprof->started = pprof->pid > 0;
	if (pprof->started)
		return 0;
	web_pprof_init(pprof);
	close(ends[0]);
	return -EAGAIN;
}

/* Does a line tell the address that pprof listens on? */
static int is_address(const char *line)
{
	return strncmp(line, "Serving web UI on ", 18) == 0;
}

void web_pprof_forward(struct web_pprof *pprof)
{
	char text[4096];
	ssize_t got = read(pprof->errors_fd, text, sizeof(text) - 1);

	if (got < 0 && errno == EINTR)
		return;
	if (got <= 0) {
		close(pprof->errors_fd);
		pprof->errors_fd = -1;
		return;
	}
	/* pprof writes a line at a time. */
	text[got] = '\0';
	for (char *line = text; *line;) {
		size_t len = strcspn(line, "\n");

		len += line[len] == '\n';
		if (!is_address(line))
			fwrite(line, 1, len, stderr);
		line += len;
	}
}

void web_pprof_reap(struct web_pprof *pprof)
{
	if (pprof->pid && waitpid(pprof->pid, &pprof->status, WNOHANG) == pprof->pid)
		pprof->pid = 0;
}

void web_pprof_stop(struct web_pprof *pprof)
{
	struct timespec step = {.tv_nsec = STOP_STEP_MS * 1000000L};
	pid_t group = pprof->pid;

	if (group)
		kill(-group, SIGTERM);
	for (int waited = 0; pprof->pid && waited < STOP_LIMIT_MS; waited += STOP_STEP_MS) {
		web_pprof_reap(pprof);
		if (pprof->pid)
			nanosleep(&step, NULL);
	}
	if (pprof->pid) {
		kill(-group, SIGKILL);
		waitpid(pprof->pid, &pprof->status, 0);
		pprof->pid = 0;
	}
	if (pprof->errors_fd >= 0)
		close(pprof->errors_fd);
	pprof->errors_fd = -1;
}
