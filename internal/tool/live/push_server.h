/* SPDX-License-Identifier: MIT */
/* Pyroscope's /ingest, as its pkg/ingester/pyroscope/ingest_handler.go and pkg/og/convert/pprof/profile.go read it. */
#ifndef PPROFMK_TOOL_PUSH_SERVER_H
#define PPROFMK_TOOL_PUSH_SERVER_H

#include <stdbool.h>

#include "format/profile.h"
#include "tool/live/http_client.h"
#include "tool/options.h"

struct push_server {
	char *url; /* "https://pyroscope.example/ingest" */
	const char *token, *user, *password;
	char *tenant; /* a header, NULL: none */
	uint64_t timeout_ms;
	uint64_t waited_ms; /* between tries, up to now */
	struct http_client *client;
};

/* From --pyroscope, --timeout and the environment. TOOL_OK with *server filled in, which push_server_close() gives back; else the
 * exit status, after a message. */
int push_server_open(struct push_server *server, const struct options *options);
void push_server_close(struct push_server *server);

enum push_result { PUSH_TAKEN, PUSH_REFUSED, PUSH_HOPELESS };

/* Send a profile; again where that may help, see push_retry.h.
 *
 * name     application and labels, as push_labels_text() makes it.
 * kind     as in kinds.h.
 * bytes    its file; profile: what is in it.
 *
 * Returns PUSH_TAKEN; else, after a message, PUSH_REFUSED, or PUSH_HOPELESS where the next one would fare no better. */
enum push_result push_server_send(struct push_server *server, const char *name, const char *kind,
				  const struct profile *profile, const void *bytes, size_t size);

#endif
