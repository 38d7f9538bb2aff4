/* SPDX-License-Identifier: MIT */
#include "tool/web/web_relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "tool/tool.h"
#include "tool/web/web_listen.h"

#define HEAD_MAX ((size_t)64 * 1024)
/* Browsers open a few; more than this is a mistake, and is closed. */
#define CONNECTIONS_MAX 128
/* A browser that opens a connection ahead of need and says nothing. */
#define SILENCE_SECONDS 60
#define START_LIMIT_MS	20000
#define START_STEP_MS	20

struct connection {
	int client, backend; /* -1: not connected */
	const struct web_routes *routes;
	char *head; /* HEAD_MAX + 1 bytes */
	size_t len; /* bytes in `head`: the request's head, and what came with it */
};

static atomic_int connections;

static bool send_all(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return false;
		bytes += sent;
		size -= (size_t)sent;
	}
	return true;
}

/* Read until the empty line. Returns the length of the head with it, 0 when the client went away or sent none. */
static size_t read_head(struct connection *connection)
{
	while (connection->len < HEAD_MAX) {
		ssize_t got = recv(connection->client, connection->head + connection->len,
				   HEAD_MAX - connection->len, 0);
		char *end;

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return 0;
		connection->len += (size_t)got;
		connection->head[connection->len] = '\0';
		end = strstr(connection->head, "\r\n\r\n");
		if (end)
			return (size_t)(end - connection->head) + 4;
	}
	return 0;
}

bool web_relay_is_for(const char *head, const char *page)
{
	const char *target = strncmp(head, "GET ", 4) == 0    ? head + 4
			     : strncmp(head, "HEAD ", 5) == 0 ? head + 5
							      : "";
	size_t len = strlen(page);

	return strncmp(target, page, len) == 0 && (target[len] == ' ' || target[len] == '?');
}

static bool is_dropped(const char *line)
{
	return strncasecmp(line, "Connection:", 11) == 0 ||
	       strncasecmp(line, "Keep-Alive:", 11) == 0;
}

char *web_relay_head(const char *head)
{
	static const char close_line[] = "Connection: close\r\n\r\n";
	char *result = xmalloc(strlen(head) + sizeof(close_line));
	char *out = result;

	/* Lines up to the empty one; the request line is the first. */
	for (const char *line = head; *line && strncmp(line, "\r\n", 2) != 0;) {
		const char *end = strstr(line, "\r\n");
		size_t len = end ? (size_t)(end - line) + 2 : strlen(line);

		if (!is_dropped(line)) {
			memcpy(out, line, len);
			out += len;
		}
		line += len;
	}
	memcpy(out, close_line, sizeof(close_line));
	return result;
}

static void redirect(const struct connection *connection)
{
	const char *target = strchr(connection->head, '/') + 1;
	int query_len = *target == '?' ? (int)strcspn(target, " \r\n") : 0;
	char *answer = xasprintf("HTTP/1.1 302 Found\r\nLocation: %s%.*s\r\nContent-Length: 0\r\n"
				 "Connection: close\r\n\r\n",
				 connection->routes->home, query_len, target);

	send_all(connection->client, answer, strlen(answer));
	free(answer);
}

static void send_profile(const struct connection *connection)
{
	static const char found[] =
		"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.google.protobuf+gzip\r\n"
		"Content-Disposition: attachment;filename=profile.pb.gz\r\n"
		"Connection: close\r\n\r\n";
	static const char gone[] = "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n"
				   "Connection: close\r\n\r\nthe profile's file is gone\n";
	int fd = open(connection->routes->file, O_RDONLY | O_CLOEXEC);
	bool sent;

	if (fd < 0) {
		send_all(connection->client, gone, sizeof(gone) - 1);
		return;
	}
	sent = send_all(connection->client, found, sizeof(found) - 1);
	while (sent) {
		char bytes[16384];
		ssize_t got = read(fd, bytes, sizeof(bytes));

		sent = got > 0 && send_all(connection->client, bytes, (size_t)got);
	}
	close(fd);
}

/* Move what there is from one side to the other. False when the side has ended. */
static bool move(int from, int to)
{
	char bytes[16384];
	ssize_t got = recv(from, bytes, sizeof(bytes), 0);

	if (got < 0 && errno == EINTR)
		return true;
	return got > 0 && send_all(to, bytes, (size_t)got);
}

/* Hand bytes on in both directions until pprof has answered. */
static void shuttle(const struct connection *connection)
{
	struct pollfd sides[2] = {
		{.fd = connection->client, .events = POLLIN},
		{.fd = connection->backend, .events = POLLIN},
	};

	for (;;) {
		if (poll(sides, 2, -1) < 0) {
			if (errno == EINTR)
				continue;
			return;
		}
		if (sides[1].revents && !move(connection->backend, connection->client))
			return;
		if (sides[0].revents && !move(connection->client, connection->backend)) {
			shutdown(connection->backend, SHUT_WR);
			sides[0].fd = -1;
			sides[0].revents = 0;
		}
	}
}

/* Connect to a pprof, which may have been started a moment ago. A descriptor or -errno. */
static int connect_patiently(uint16_t port)
{
	struct timespec step = {.tv_nsec = START_STEP_MS * 1000000L};
	int fd = web_connect(port);

	for (int waited = 0; fd == -ECONNREFUSED && waited < START_LIMIT_MS;
	     waited += START_STEP_MS) {
		nanosleep(&step, NULL);
		fd = web_connect(port);
	}
	return fd;
}

static void relay(struct connection *connection, size_t head_len)
{
	static const char unavailable[] = "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain\r\n"
					  "Connection: close\r\n\r\npprof does not answer\n";
	char *rest = connection->head + head_len;
	char *head;
	bool sent;

	connection->backend = connect_patiently(web_relay_is_for(connection->head, "/ui/disasm")
							? connection->routes->programs_port
							: connection->routes->pages_port);
	if (connection->backend < 0) {
		send_all(connection->client, unavailable, sizeof(unavailable) - 1);
		return;
	}
	head = strndup(connection->head, head_len);
	if (head) {
		char *changed = web_relay_head(head);

		sent = send_all(connection->backend, changed, strlen(changed)) &&
		       send_all(connection->backend, rest, connection->len - head_len);
		free(changed);
		free(head);
		if (sent)
			shuttle(connection);
	}
}

static void *serve(void *argument)
{
	struct connection *connection = argument;
	size_t head_len = read_head(connection);

	if (head_len && web_relay_is_for(connection->head, "/"))
		redirect(connection);
	else if (head_len && web_relay_is_for(connection->head, "/ui/download"))
		send_profile(connection);
	else if (head_len)
		relay(connection, head_len);
	if (connection->backend >= 0)
		close(connection->backend);
	close(connection->client);
	free(connection->head);
	free(connection);
	atomic_fetch_sub(&connections, 1);
	return NULL;
}

static bool start_thread(struct connection *connection)
{
	pthread_attr_t attributes;
	pthread_t thread;
	bool started;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	started = pthread_create(&thread, &attributes, serve, connection) == 0;
	pthread_attr_destroy(&attributes);
	return started;
}

void web_relay_accept(int listening_fd, const struct web_routes *routes)
{
	struct timeval silence = {.tv_sec = SILENCE_SECONDS};
	int client = accept4(listening_fd, NULL, NULL, SOCK_CLOEXEC);
	struct connection *connection;

	if (client < 0)
		return;
	if (atomic_fetch_add(&connections, 1) >= CONNECTIONS_MAX) {
		atomic_fetch_sub(&connections, 1);
		close(client);
		return;
	}
	setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof(silence));
	connection = xcalloc(1, sizeof(*connection));
	connection->client = client;
	connection->backend = -1;
	connection->routes = routes;
	connection->head = xmalloc(HEAD_MAX + 1);
	if (start_thread(connection))
		return;
	atomic_fetch_sub(&connections, 1);
	close(client);
	free(connection->head);
	free(connection);
}
