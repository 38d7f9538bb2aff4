/* SPDX-License-Identifier: MIT */
/* pprofmk web: pprof's pages for a profile, the flame graph first. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool/options.h"
#include "tool/pprof_program.h"
#include "tool/profile_file.h"
#include "tool/tool.h"
#include "tool/web_listen.h"
#include "tool/web_pprof.h"
#include "tool/web_profile.h"
#include "tool/web_relay.h"

#define HOME	      "/ui/flamegraph"
#define START_STEP_MS 20

struct web {
	struct profile_file file;
	const char *host;
	struct web_sockets sockets;
	struct web_pprof pprof;
	int signals_fd;
	int copy_fd; /* of the profile that pprof reads instead of the file, -1: it reads the file */
	bool listening; /* pprof does, so that we may take connections */
	int ended_by;	/* the signal that ends us */
};

static int find_program(struct pprof_program *program)
{
	char *problem;
	int error = pprof_program_find(program, &problem);

	if (error) {
		tool_error(
			"no pprof program%s%s%s: install Go %d.%d or later or google/pprof "
			"(scripts/deps.sh of pprof.mk does), or name one with PPROF=/path/to/pprof",
			*problem ? " (" : "", problem, *problem ? ")" : "", PPROF_GO_MAJOR,
			PPROF_GO_MINOR);
		pprof_program_free(program);
	}
	free(problem);
	return error;
}

/* Signals that end us, and the child's end, arrive as something to read. Threads made later inherit the mask. */
static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Are the sources where the profile says? Of the user's own, not of the system's libraries. */
static bool has_sources(const struct profile *profile)
{
	for (size_t i = 0; i < profile->function_count; i++) {
		const char *file = profile->functions[i].file;

		if (*file == '/' && strncmp(file, "/usr/", 5) != 0 && access(file, R_OK) == 0)
			return true;
	}
	return false;
}

static void print_address(const struct web *web)
{
	const char *host = web->host;
	bool is_any = strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0;
	bool has_colon = strchr(host, ':') && !is_any;

	printf("%s of %s: http://%s%s%s:%u\nCtrl-C ends it.\n", web->file.kind->name,
	       web->file.func, has_colon ? "[" : "", is_any ? "localhost" : host,
	       has_colon ? "]" : "", web->sockets.port);
	fflush(stdout);
}

static void print_notes(const struct web *web)
{
	const struct profile *profile = web->file.profile;
	char *dot = pprof_program_path("dot");

	if (!dot)
		tool_error(
			"no dot in PATH: the Graph view needs graphviz; the others work without");
	free(dot);
	if (profile->mapping_count && access(profile->mappings[0].path, R_OK) != 0)
		tool_error("no %s: Disassemble needs it as it was; the other views work without",
			   profile->mappings[0].path);
}

static void read_signals(struct web *web)
{
	struct signalfd_siginfo info;

	while (read(web->signals_fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo != SIGCHLD)
			web->ended_by = (int)info.ssi_signo;
	}
	web_pprof_reap(&web->pprof);
}

/* Before pprof listens, nothing is taken from our own sockets: browsers wait in their queues. */
static void look_whether_listening(struct web *web)
{
	int fd = web_connect(web->pprof.port);

	if (fd < 0)
		return;
	close(fd);
	web->listening = true;
	print_address(web);
	print_notes(web);
}

static void wait_and_serve(struct web *web)
{
	struct pollfd wait[WEB_SOCKETS_MAX + 2];
	size_t sockets = web->listening ? web->sockets.count : 0;

	for (size_t i = 0; i < sockets; i++)
		wait[i] = (struct pollfd){.fd = web->sockets.fds[i], .events = POLLIN};
	wait[sockets] = (struct pollfd){.fd = web->signals_fd, .events = POLLIN};
	wait[sockets + 1] = (struct pollfd){.fd = web->pprof.errors_fd, .events = POLLIN};
	if (poll(wait, sockets + 2, web->listening ? -1 : START_STEP_MS) < 0)
		return;
	for (size_t i = 0; i < sockets; i++) {
		if (wait[i].revents)
			web_relay_accept(wait[i].fd, web->pprof.port, HOME);
	}
	if (wait[sockets].revents)
		read_signals(web);
	if (wait[sockets + 1].revents)
		web_pprof_forward(&web->pprof);
}

static int say_end(struct web *web)
{
	while (web->pprof.errors_fd >= 0)
		web_pprof_forward(&web->pprof);
	if (WIFSIGNALED(web->pprof.status))
		tool_error("pprof was ended by signal %d (%s)", WTERMSIG(web->pprof.status),
			   strsignal(WTERMSIG(web->pprof.status)));
	else
		tool_error("pprof ended with status %d", WEXITSTATUS(web->pprof.status));
	return TOOL_FAILED;
}

/* Until we or pprof are ended. Ctrl-C is how this is meant to end. */
static int serve(struct web *web)
{
	while (!web->ended_by && web->pprof.pid) {
		if (!web->listening)
			look_whether_listening(web);
		wait_and_serve(web);
	}
	if (!web->ended_by)
		return say_end(web);
	web_pprof_stop(&web->pprof);
	return TOOL_OK;
}

static int start(struct web *web, const struct pprof_program *program)
{
	struct web_view view = {.file = web->file.path, .sample_type = web->file.kind->shown};
	char *copy = web_profile_copy(web->file.profile, &web->copy_fd);
	char *cwd = getcwd(NULL, 0);
	int error;

	if (copy)
		view.file = copy;
	/* Without it pprof looks for the working directory's name anywhere in a path, and replaces up to there. That is
	 * right for a profile from another machine only. */
	if (cwd && has_sources(web->file.profile))
		view.trim_path = cwd;
	error = web_pprof_start(&web->pprof, program, &view, web_free_port());
	free(cwd);
	free(copy);
	if (error)
		tool_error("cannot start %s: %s", program->words[0], strerror(-error));
	return error;
}

static int run(struct web *web, uint16_t port)
{
	struct pprof_program program;
	int status = TOOL_FAILED;

	if (find_program(&program))
		return TOOL_FAILED;
	if (web_listen(&web->sockets, web->host, port) == 0) {
		web->signals_fd = open_signals();
		if (start(web, &program) == 0)
			status = serve(web);
		web_sockets_close(&web->sockets);
		close(web->signals_fd);
		if (web->copy_fd >= 0)
			close(web->copy_fd);
	}
	pprof_program_free(&program);
	return status;
}

int cmd_web(int argc, char **argv)
{
	struct options options;
	struct web web = {.signals_fd = -1, .copy_fd = -1};
	uint64_t port = 0;
	int status;

	if (!options_parse(&options, argc, argv, &status))
		return status;
	status = profile_file_open(&web.file, &options);
	if (status == TOOL_OK) {
		web.host = options_text(&options, "host");
		options_value(&options, "port", &port);
		status = run(&web, (uint16_t)port);
		profile_file_close(&web.file);
	}
	options_free(&options);
	return status;
}
