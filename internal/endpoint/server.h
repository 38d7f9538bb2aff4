/* SPDX-License-Identifier: MIT */
/* The thread that serves: it alone does everything here. */
#ifndef PPROFMK_ENDPOINT_SERVER_H
#define PPROFMK_ENDPOINT_SERVER_H

#include <microhttpd.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "endpoint/access.h"
#include "endpoint/address.h"
#include "endpoint/namer.h"
#include "endpoint/request.h"
#include "runtime/live/live.h"

/* Connections that are answered; some more are told that there are too many, the rest the kernel lets wait. */
enum { CLIENTS_MAX = 16, CLIENTS = CLIENTS_MAX + 8 };

/* A connection. */
struct client {
	struct MHD_Connection *connection; /* NULL: the slot is free */
	int socket;
	uint64_t limit_ns; /* it is closed then, 0: not */
	bool is_coming;	   /* its request is not complete yet, or the next one is waited for */
	struct request *request; /* set aside, NULL: none */
};

struct server {
	const struct live_api *api;
	_Atomic bool
		is_over; /* set by whoever wants it to stop, which then sends our thread SERVER_SIGNAL */
	struct address address;
	struct access access;
	struct namer namer;
	struct client clients[CLIENTS];
	uint64_t connection_count; /* that there have been */
	struct request *requests;  /* not answered yet, in the order of their coming */
	bool is_asking;		   /* the namer is at a question */
	uint64_t asked_ns;	   /* since then */
	struct request *asked;	   /* of these, the one that it is for; NULL: its client has gone */
};

/* Wakes the thread up. Sent to it alone, which has it blocked: the program does not notice. */
#define SERVER_SIGNAL SIGUSR1

/* Serve on a socket that listens, which is ours from now on, until is_over. Returns 0 then; -errno when that is not possible (any
 * more).
 *
 * ready  called once the server is there */
int server_run(struct server *server, int socket, void (*ready)(void *context), void *context);

#define SERVER_NS_PER_S UINT64_C(1000000000)

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t server_now_ns(void);

#endif
