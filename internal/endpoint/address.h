/* SPDX-License-Identifier: MIT */
/* Where the endpoint listens. */
#ifndef PPROFMK_ENDPOINT_ADDRESS_H
#define PPROFMK_ENDPOINT_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} socket;
	socklen_t size;
	bool is_loopback;
};

/* Read "127.0.0.1:6060", "[::1]:6060", "localhost:6060" or ":6060", both of which are 127.0.0.1. No name server is asked. 0 or
 * -EINVAL. */
int address_read(const char *text, struct address *address);

/* A socket that listens there, -errno. */
int address_listen(const struct address *address);

#endif
