/* SPDX-License-Identifier: MIT */
#include "tool/web/web_listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tool/tool.h"

#define BACKLOG 64

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6; /* the port is where v4 has it */
};

static uint16_t port_of(int fd)
{
	union address address = {.v6 = {0}};
	socklen_t size = sizeof(address);

	if (getsockname(fd, &address.any, &size) != 0)
		return 0;
	return ntohs(address.v4.sin_port);
}

/* A listening descriptor or -errno. */
static int listen_at(const struct addrinfo *info, uint16_t port)
{
	int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1, error;

	if (fd < 0)
		return -errno;
	((union address *)info->ai_addr)->v4.sin_port = htons(port);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (info->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	error = -errno;
	close(fd);
	return error;
}

/* A machine may have a name for an address of a family that is switched off. */
static bool is_absent(int error)
{
	return error == -EADDRNOTAVAIL || error == -EAFNOSUPPORT;
}

static int listen_all(struct web_sockets *sockets, const struct addrinfo *list, uint16_t port)
{
	int error = -EADDRNOTAVAIL;

	sockets->port = port;
	for (const struct addrinfo *info = list; info; info = info->ai_next) {
		int fd;

		if (sockets->count == WEB_SOCKETS_MAX)
			break;
		fd = listen_at(info, sockets->port);
		if (fd < 0) {
			error = fd;
			if (is_absent(fd))
				continue;
			return fd;
		}
		sockets->fds[sockets->count++] = fd;
		sockets->port = port_of(fd);
	}
	return sockets->count ? 0 : error;
}

static void say_why(const char *host, uint16_t port, int error)
{
	char *owner = error == -EADDRINUSE ? web_port_owner(port) : NULL;

	if (error == -EADDRINUSE)
		tool_error(
			"port %u of %s is in use by %s: end it, or choose another one with Port=",
			port, host, owner ? owner : "another process");
	else
		tool_error("cannot listen on port %u of %s: %s", port, host, strerror(-error));
	free(owner);
}

int web_listen(struct web_sockets *sockets, const char *host, uint16_t port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
	struct addrinfo *list = NULL;
	int error = getaddrinfo(host, NULL, &hints, &list);

	memset(sockets, 0, sizeof(*sockets));
	if (error) {
		tool_error("no address for Host=%s: %s", host, gai_strerror(error));
		return -EINVAL;
	}
	error = listen_all(sockets, list, port);
	freeaddrinfo(list);
	if (error) {
		say_why(host, port, error);
		web_sockets_close(sockets);
	}
	return error;
}

void web_sockets_close(struct web_sockets *sockets)
{
	for (size_t i = 0; i < sockets->count; i++)
		close(sockets->fds[i]);
	sockets->count = 0;
}

static struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
				    .sin_port = htons(port),
				    .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
}

uint16_t web_free_port(void)
{
	struct sockaddr_in address = loopback(0);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	uint16_t port = 0;

	if (fd < 0)
		return 0;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		port = port_of(fd);
	close(fd);
	return port;
}

int web_connect(uint16_t port)
{
	struct sockaddr_in address = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	error = -errno;
	close(fd);
	return error;
}
