/* SPDX-License-Identifier: MIT */
/* The sockets that the web pages are served on. */
#ifndef PPROFMK_TOOL_WEB_LISTEN_H
#define PPROFMK_TOOL_WEB_LISTEN_H

#include <stddef.h>
#include <stdint.h>

#define WEB_SOCKETS_MAX 8

struct web_sockets {
	int fds[WEB_SOCKETS_MAX];
	size_t count;
	uint16_t port;
};

/* Listen on every address that a host's name has (localhost: 127.0.0.1 and ::1).
 *
 * port  0: any free one; sockets->port says which.
 *
 * Returns 0 or -errno after saying why: for a port in use also which process has it, and what to do. */
int web_listen(struct web_sockets *sockets, const char *host, uint16_t port);
void web_sockets_close(struct web_sockets *sockets);

/* A TCP port of 127.0.0.1 that nobody has at this moment, or 0. */
uint16_t web_free_port(void);

/* Connect to a TCP port of 127.0.0.1. A descriptor or -errno. */
int web_connect(uint16_t port);

/* Name and number of the process that listens on a TCP port: "pprof (pid 123)". NULL when that can't be told, as of
 * another user's process. The caller frees it. */
char *web_port_owner(uint16_t port);

#endif
