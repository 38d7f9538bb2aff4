/* SPDX-License-Identifier: MIT */
/* Stands between browsers and pprof: answers "/" with the page to begin with, hands everything else on.
 *
 * Why: pprof serves its graph at "/", which needs graphviz and shows less at a glance than the flame graph. */
#ifndef PPROFMK_TOOL_WEB_RELAY_H
#define PPROFMK_TOOL_WEB_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Take a connection that waits at a listening socket and serve it in a thread of its own. One request a connection.
 *
 * backend_port  of pprof, at 127.0.0.1.
 * home          where "/" leads to: "/ui/flamegraph". Kept; static. */
void web_relay_accept(int listening_fd, uint16_t backend_port, const char *home);

/* For tests, too: is a request's head for "/" (with or without a query)? */
bool web_relay_is_home(const char *head);

/* The head to hand on: without its Connection and Keep-Alive lines, with "Connection: close", so that the next
 * request comes by here again. `head` ends with an empty line. The caller frees the result. */
char *web_relay_head(const char *head);

#endif
