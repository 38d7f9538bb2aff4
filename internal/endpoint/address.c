/* SPDX-License-Identifier: MIT */
#include "endpoint/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "endpoint/query.h"

/* Connections that the kernel keeps until they are taken. */
enum { BACKLOG = 64 };

/* Host and port of "host:port" and "[host]:port". */
static bool split(const char *text, char *host, size_t size, uint16_t *port)
{
	const char *colon = strrchr(text, ':');
	size_t length = colon != NULL ? (size_t)(colon - text) : 0;
	int64_t number;

	if (colon == NULL || !query_int(colon + 1, &number) || number < 1 || number > 65535)
		return false;
	if (length >= 2 && text[0] == '[' && text[length - 1] == ']') {
		text++;
		length -= 2;
	}
	if (length >= size)
		return false;
	memcpy(host, text, length);
	host[length] = '\0';
	*port = (uint16_t)number;
	return true;
}

int address_read(const char *text, struct address *address)
{
	char host[INET6_ADDRSTRLEN];
	uint16_t port;

	memset(address, 0, sizeof *address);
	if (!split(text, host, sizeof host, &port))
		return -EINVAL;
	if (host[0] == '\0' || strcasecmp(host, "localhost") == 0)
		strcpy(host, "127.0.0.1");
	if (inet_pton(AF_INET, host, &address->socket.v4.sin_addr) == 1) {
		address->socket.v4.sin_family = AF_INET;
		address->socket.v4.sin_port = htons(port);
		address->size = sizeof address->socket.v4;
		address->is_loopback = ntohl(address->socket.v4.sin_addr.s_addr) >> 24 == 127;
		return 0;
	}
	if (inet_pton(AF_INET6, host, &address->socket.v6.sin6_addr) != 1)
		return -EINVAL;
	address->socket.v6.sin6_family = AF_INET6;
	address->socket.v6.sin6_port = htons(port);
	address->size = sizeof address->socket.v6;
	address->is_loopback = IN6_IS_ADDR_LOOPBACK(&address->socket.v6.sin6_addr);
	return 0;
}

int address_listen(const struct address *address)
{
	int fd = socket(address->socket.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0);
	int on = 1, error;

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, &address->socket.any, address->size) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	error = -errno;
	close(fd);
	return error;
}
