/* SPDX-License-Identifier: MIT */
#include "endpoint/server.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "endpoint/connections.h"
#include "endpoint/pages.h"

#define NS_PER_MS UINT64_C(1000000)

/* So long naming may take; `pprofmk answer` itself gives up earlier. */
enum { NAMING_S = 150 };

/* Of a request's head: with its line, and what clients send besides. */
enum { HEAD_BYTES_MAX = 16 << 10 };

uint64_t server_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SERVER_NS_PER_S + (uint64_t)now.tv_nsec;
}

/* ---- Requests that are not answered at once. */

static void resume_done(struct server *server)
{
	for (struct request **at = &server->requests; *at != NULL;) {
		struct request *request = *at;

		if (request->step == REQUEST_ANSWERED || request->step == REQUEST_GONE) {
			*at = request->next;
			request->client->request = NULL;
			MHD_resume_connection(request->connection);
		} else {
			at = &request->next;
		}
	}
}

/* Asked of a process that has just died, another one is asked; once. */
static void not_named(struct request *request, int error, const char *reason)
{
	if (error == -EPIPE && !request->was_asked_again) {
		request->was_asked_again = true;
		request->step = REQUEST_QUEUED;
		return;
	}
	request_error(request, MHD_HTTP_INTERNAL_SERVER_ERROR, "Could not name addresses: %s",
		      reason);
}

static void ask_next(struct server *server)
{
	struct request *request = server->requests;
	int error;

	while (request != NULL && request->step != REQUEST_QUEUED)
		request = request->next;
	if (request == NULL || server->is_asking)
		return;
	error = namer_ask(&server->namer, &request->question, request->fds);
	if (error == 0) {
		request->step = REQUEST_ASKED;
		server->asked = request;
		server->is_asking = true;
		server->asked_ns = server_now_ns();
	} else {
		not_named(request, error,
			  error == -ENOENT
				  ? "pprofmk is not beside libpprofmk-http.so, and PPROF_TOOL "
				    "does not name it"
				  : strerror(-error));
	}
}

static void take_reply(struct server *server)
{
	struct request *request = server->asked;
	struct answer_reply reply;
	int file = namer_take(&server->namer, &reply);

	server->asked = NULL;
	server->is_asking = false;
	if (request == NULL) {
		if (file >= 0)
			close(file);
	} else if (file >= 0) {
		request->file = file;
		request->step = REQUEST_ANSWERED;
	} else {
		not_named(request, file, reply.message);
	}
}

/* Its client does not wait any more: what was begun for it ends. */
static void leave(struct server *server, struct request *request)
{
	enum request_step step = request->step;

	request->step = REQUEST_GONE;
	if (step == REQUEST_WAITING)
		request->page->end(request->page, server, request);
	if (server->asked == request)
		server->asked = NULL; /* the reply comes all the same, and is for nobody */
}

static void go_on(struct server *server, uint64_t now_ns)
{
	for (struct request *request = server->requests; request != NULL; request = request->next)
		if (request->step == REQUEST_WAITING && now_ns >= request->deadline_ns)
			request->page->end(request->page, server, request);
	if (server->is_asking && now_ns - server->asked_ns > NAMING_S * SERVER_NS_PER_S) {
		namer_drop(&server->namer);
		if (server->asked != NULL)
			not_named(server->asked, -ETIMEDOUT, "it takes too long");
		server->asked = NULL;
		server->is_asking = false;
	}
	resume_done(server);
	ask_next(server);
	resume_done(server);
}

/* ---- The loop. */

enum { WATCH_MHD, WATCH_SIGNAL, WATCH_NAMER, WATCH_CLIENTS, WATCH_MAX = WATCH_CLIENTS + CLIENTS };

static void earlier(uint64_t *first_ns, uint64_t ns)
{
	if (ns != 0 && ns < *first_ns)
		*first_ns = ns;
}

/* Milliseconds until something is to be done, -1: nothing is. */
static int time_left(const struct server *server, struct MHD_Daemon *daemon)
{
	uint64_t first_ns = UINT64_MAX, now_ns = server_now_ns();
	MHD_UNSIGNED_LONG_LONG ms;

	if (MHD_get_timeout(daemon, &ms) == MHD_YES)
		first_ns = now_ns + ms * NS_PER_MS;
	for (const struct request *request = server->requests; request != NULL;
	     request = request->next)
		if (request->step == REQUEST_WAITING)
			earlier(&first_ns, request->deadline_ns);
	for (size_t i = 0; i < CLIENTS; i++)
		if (server->clients[i].connection != NULL)
			earlier(&first_ns, server->clients[i].limit_ns);
	if (server->is_asking)
		earlier(&first_ns, server->asked_ns + NAMING_S * SERVER_NS_PER_S + NS_PER_MS);
	if (first_ns == UINT64_MAX)
		return -1;
	return first_ns > now_ns ? (int)((first_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS) : 0;
}

/* Are they still there? One that is being sent its answer libmicrohttpd looks after. */
static void watch_clients(const struct server *server, struct pollfd *watched)
{
	for (size_t i = 0; i < CLIENTS; i++) {
		const struct client *client = &server->clients[i];
		bool is_watched = client->connection != NULL &&
				  (client->is_coming || client->request != NULL);

		watched[i] = (struct pollfd){.fd = is_watched ? client->socket : -1,
					     .events = POLLRDHUP};
	}
}

static void look_at_clients(struct server *server, const struct pollfd *watched)
{
	for (size_t i = 0; i < CLIENTS; i++) {
		struct client *client = &server->clients[i];

		if (watched[i].revents == 0)
			continue;
		if (client->request != NULL)
			leave(server, client->request);
		else
			connections_half_closed(client);
	}
}

static void rest(void)
{
	nanosleep(&(struct timespec){0, 100 * NS_PER_MS}, NULL);
}

/* Those that there are, since poll() takes no more than the process may have open, and a program may allow itself a few only. One that takes
 * even these away from us is looked after ten times a second. */
static void wait_for(struct pollfd *watched, size_t count, int ms)
{
	struct pollfd present[WATCH_MAX];
	size_t of[WATCH_MAX], present_count = 0;

	for (size_t i = 0; i < count; i++) {
		watched[i].revents = 0;
		if (watched[i].fd >= 0) {
			of[present_count] = i;
			present[present_count++] = watched[i];
		}
	}
	if (poll(present, present_count, ms) < 0) {
		rest();
		return;
	}
	for (size_t i = 0; i < present_count; i++)
		watched[of[i]].revents = present[i].revents;
}

static bool has_clients(const struct server *server)
{
	for (size_t i = 0; i < CLIENTS; i++)
		if (server->clients[i].connection != NULL)
			return true;
	return false;
}

/* A connection for which there is no descriptor is told of again at once. libmicrohttpd waits for another one to end, if there is one. */
static void run_connections(struct server *server, struct MHD_Daemon *daemon, bool is_called)
{
	uint64_t count = server->connection_count;
	bool had_clients = has_clients(server);

	MHD_run(daemon);
	if (is_called && !had_clients && server->connection_count == count)
		rest();
}

static void turn(struct server *server, struct MHD_Daemon *daemon, int epoll, int signals)
{
	struct pollfd watched[WATCH_MAX] = {
		[WATCH_MHD] = {.fd = epoll, .events = POLLIN},
		[WATCH_SIGNAL] = {.fd = signals, .events = POLLIN},
		[WATCH_NAMER] = {.fd = server->namer.socket, .events = POLLIN},
	};

	watch_clients(server, watched + WATCH_CLIENTS);
	wait_for(watched, WATCH_MAX, time_left(server, daemon));
	look_at_clients(server, watched + WATCH_CLIENTS);
	if (watched[WATCH_NAMER].revents != 0 && server->namer.socket >= 0)
		take_reply(server);
	connections_close_slow(server, server_now_ns());
	go_on(server, server_now_ns());
	run_connections(server, daemon, watched[WATCH_MHD].revents != 0);
	go_on(server, server_now_ns());
}

static void end_all(struct server *server, struct MHD_Daemon *daemon)
{
	for (struct request *request = server->requests; request != NULL; request = request->next)
		leave(server, request);
	resume_done(server);
	MHD_stop_daemon(daemon);
	if (server->namer.socket >= 0)
		namer_drop(&server->namer);
}

static int wake_up_call(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SERVER_SIGNAL);
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static struct MHD_Daemon *start_daemon(struct server *server, int socket)
{
	return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
				connections_request, server, MHD_OPTION_LISTEN_SOCKET, socket,
				MHD_OPTION_CONNECTION_LIMIT, (unsigned)CLIENTS,
				MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_BYTES_MAX,
				MHD_OPTION_NOTIFY_CONNECTION, connections_changed, server,
				MHD_OPTION_NOTIFY_COMPLETED, connections_completed, server,
				MHD_OPTION_URI_LOG_CALLBACK, connections_line, server,
				MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
}

int server_run(struct server *server, int socket, void (*ready)(void *context), void *context)
{
	int signals = wake_up_call();
	struct MHD_Daemon *daemon = signals >= 0 ? start_daemon(server, socket) : NULL;
	const union MHD_DaemonInfo *info;
	int error;

	if (daemon == NULL) {
		error = errno != 0 ? -errno : -ENOMEM;
		close(signals);
		close(socket);
		return error;
	}
	info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
	ready(context);
	while (!atomic_load(&server->is_over))
		turn(server, daemon, info->epoll_fd, signals);
	end_all(server, daemon);
	close(signals);
	return 0;
}
