/* SPDX-License-Identifier: MIT */
#include "tool/web/web_session.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool/tool.h"
#include "tool/web/web_listen.h"
#include "tool/web/web_pprof.h"
#include "tool/web/web_profile.h"
#include "tool/web/web_relay.h"

#define START_STEP_MS 20

/* The pprof that shows the pages, and the one that has the programs; see web_profile.h. */
enum { PAGES, PROGRAMS, PPROF_COUNT };

struct session {
	const struct profile_file *file;
	const struct profile *base; /* NULL: nothing to compare with */
	const struct pprof_program *program;
	const char *host;
	struct web_sockets sockets;
	struct web_pprof pprofs[PPROF_COUNT];
	int copies
		[PPROF_COUNT]; /* descriptors of the profiles that they read, -1: the file itself */
	int bases[PPROF_COUNT]; /* the same of what is compared with, -1: nothing */
	int signals_fd;
	bool listening; /* PAGES does, so that we may take connections */
	int ended_by;	/* the signal that ends us */
};

/* Threads look at it until the process ends. */
static struct web_routes routes = {.home = "/ui/flamegraph"};

/* Signals that end us, and the children's ends, arrive as something to read. Threads made later inherit the mask. */
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

/* A copy in which what this pprof is not to see is hidden; NULL where there is nothing to hide. */
static char *copy_for(int which, const struct profile *profile, int *fd)
{
	return web_profile_copy(profile,
				which == PAGES ? web_profile_is_file : web_profile_is_rebuilt, fd);
}

/* The same of what is compared with, which is in no file. */
static char *base_for(int which, const struct profile *base, int *fd)
{
	char *copy = copy_for(which, base, fd);

	return copy ? copy : web_profile_write(base, fd);
}

static int start(struct session *session, int which, uint16_t port)
{
	const struct profile_file *file = session->file;
	struct web_view view = {.file = file->path,
				.sample_type = file->profile->types[file->type].type};
	char *copy = copy_for(which, file->profile, &session->copies[which]);
	char *base = NULL;
	char *cwd = getcwd(NULL, 0);
	int error = -ENOMEM;

	if (copy)
		view.file = copy;
	if (session->base)
		view.base = base = base_for(which, session->base, &session->bases[which]);
	/* Without it pprof looks for the working directory's name anywhere in a path, and replaces up to there. That is
	 * right for a profile from another machine only. */
	if (cwd && has_sources(file->profile))
		view.trim_path = cwd;
	if (base || !session->base)
		error = web_pprof_start(&session->pprofs[which], session->program, &view, port);
	free(cwd);
	free(copy);
	free(base);
	if (error)
		tool_error("cannot start %s: %s", session->program->words[0], strerror(-error));
	return error;
}

static void print_address(const struct session *session)
{
	const char *host = session->host;
	bool is_any = strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0;
	bool has_colon = strchr(host, ':') && !is_any;

	printf("%s of %s%s: http://%s%s%s:%u\nCtrl-C ends it.\n", session->file->kind->name,
	       session->file->func, session->base ? ", compared" : "", has_colon ? "[" : "",
	       is_any ? "localhost" : host, has_colon ? "]" : "", session->sockets.port);
	fflush(stdout);
}

static void print_notes(const struct session *session)
{
	const struct profile *profile = session->file->profile;
	char *dot = pprof_program_path("dot");

	if (!dot)
		tool_error(
			"no dot in PATH: the Graph view needs graphviz; the others work without");
	free(dot);
	if (!profile->mapping_count)
		return;
	if (access(profile->mappings[0].path, R_OK) != 0)
		tool_error("no %s: Disassemble needs it; the others work without",
			   profile->mappings[0].path);
	else if (web_profile_is_rebuilt(&profile->mappings[0]))
		tool_error("%s was rebuilt since: Disassemble needs the one that ran; the others "
			   "work without",
			   profile->mappings[0].path);
}

static void read_signals(struct session *session)
{
	struct signalfd_siginfo info;

	while (read(session->signals_fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo != SIGCHLD)
			session->ended_by = (int)info.ssi_signo;
	}
	for (int i = 0; i < PPROF_COUNT; i++)
		web_pprof_reap(&session->pprofs[i]);
}

/* Before the pages can be had, nothing is taken from our own sockets: browsers wait in their queues. The second
 * pprof starts when the first has: what is wrong with a profile is said once. */
static int look_whether_listening(struct session *session)
{
	int fd = web_connect(routes.pages_port);

	if (fd < 0)
		return 0;
	close(fd);
	session->listening = true;
	print_address(session);
	print_notes(session);
	return start(session, PROGRAMS, routes.programs_port);
}

static void wait_and_serve(struct session *session)
{
	struct pollfd wait[WEB_SOCKETS_MAX + PPROF_COUNT + 1];
	size_t sockets = session->listening ? session->sockets.count : 0;
	size_t count = 0;

	for (; count < sockets; count++)
		wait[count] = (struct pollfd){.fd = session->sockets.fds[count], .events = POLLIN};
	for (int i = 0; i < PPROF_COUNT; i++)
		wait[count++] =
			(struct pollfd){.fd = session->pprofs[i].errors_fd, .events = POLLIN};
	wait[count++] = (struct pollfd){.fd = session->signals_fd, .events = POLLIN};
	if (poll(wait, count, session->listening ? -1 : START_STEP_MS) < 0)
		return;
	for (size_t i = 0; i < sockets; i++) {
		if (wait[i].revents)
			web_relay_accept(wait[i].fd, &routes);
	}
	for (int i = 0; i < PPROF_COUNT; i++) {
		if (wait[sockets + (size_t)i].revents)
			web_pprof_forward(&session->pprofs[i]);
	}
	if (wait[count - 1].revents)
		read_signals(session);
}

/* The one that has ended, NULL when there is none. */
static struct web_pprof *ended_one(struct session *session)
{
	for (int i = 0; i < PPROF_COUNT; i++) {
		if (web_pprof_has_ended(&session->pprofs[i]))
			return &session->pprofs[i];
	}
	return NULL;
}

static void say_end(struct web_pprof *pprof)
{
	while (pprof->errors_fd >= 0)
		web_pprof_forward(pprof);
	if (WIFSIGNALED(pprof->status))
		tool_error("pprof was ended by signal %d (%s)", WTERMSIG(pprof->status),
			   strsignal(WTERMSIG(pprof->status)));
	else
		tool_error("pprof ended with status %d", WEXITSTATUS(pprof->status));
}

/* Until we or a pprof are ended. Ctrl-C is how this is meant to end. */
static int serve(struct session *session)
{
	struct web_pprof *ended = NULL;

	while (!session->ended_by && !(ended = ended_one(session))) {
		if (!session->listening && look_whether_listening(session) != 0)
			return TOOL_FAILED;
		wait_and_serve(session);
	}
	if (session->ended_by)
		return TOOL_OK;
	say_end(ended);
	return TOOL_FAILED;
}

int web_session_run(const struct profile_file *file, const struct profile *base,
		    const struct pprof_program *program, const char *host, uint16_t port)
{
	struct session session = {.file = file,
				  .base = base,
				  .program = program,
				  .host = host,
				  .copies = {-1, -1},
				  .bases = {-1, -1}};
	int status = TOOL_FAILED;

	if (web_listen(&session.sockets, host, port) != 0)
		return TOOL_FAILED;
	for (int i = 0; i < PPROF_COUNT; i++)
		web_pprof_init(&session.pprofs[i]);
	routes.file = file->path;
	routes.pages_port = web_free_port();
	do
		routes.programs_port = web_free_port();
	while (routes.programs_port && routes.programs_port == routes.pages_port);
	session.signals_fd = open_signals();
	if (session.signals_fd < 0) /* they are blocked: nothing but a kill would end us */
		tool_error("no descriptor for signals: %s", strerror(errno));
	else if (start(&session, PAGES, routes.pages_port) == 0)
		status = serve(&session);
	for (int i = 0; i < PPROF_COUNT; i++) {
		web_pprof_stop(&session.pprofs[i]);
		if (session.copies[i] >= 0)
			close(session.copies[i]);
		if (session.bases[i] >= 0)
			close(session.bases[i]);
	}
	web_sockets_close(&session.sockets);
	if (session.signals_fd >= 0)
		close(session.signals_fd);
	return status;
}
