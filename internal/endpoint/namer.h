/* SPDX-License-Identifier: MIT */
/* The process that names addresses, `pprofmk answer`: started when it is first needed, and again when it has ended. */
#ifndef PPROFMK_ENDPOINT_NAMER_H
#define PPROFMK_ENDPOINT_NAMER_H

#include <limits.h>
#include <sys/types.h>

#include "format/answer.h"

struct namer {
	char tool[PATH_MAX]; /* pprofmk, "": not found */
	int socket;	     /* -1: none runs */
	pid_t pid;
};

/* Where the tool is: PPROF_TOOL, or beside our own library. Context: the thread that calls pprof_http_serve(). */
void namer_init(struct namer *namer);

/* Ask. The descriptors stay the caller's. 0 or -errno: the process could not be started, or has just died: ask again once. */
int namer_ask(struct namer *namer, const struct answer_question *question, const int *fds);

/* Take the reply, once namer->socket can be read. Returns a descriptor of the answer, which the caller closes, or -errno with
 * reply->message. The process has died: -EPIPE, and none runs then. */
int namer_take(struct namer *namer, struct answer_reply *reply);

/* It takes too long: do without it. */
void namer_drop(struct namer *namer);

#endif
