/* SPDX-License-Identifier: MIT */
/* The trace viewer's server: pages that are part of the tool, and the data API, by libmicrohttpd. */
#ifndef PPROFMK_TOOL_SHOW_SERVER_H
#define PPROFMK_TOOL_SHOW_SERVER_H

#include <stdint.h>

/* Serve a trace until a signal asks us to stop. Returns the exit status, after a message where something is wrong.
 *
 * Requests are answered by threads, each with a trace of its own open: a slow question (a search) does not keep the picture
 * waiting. A request whose Host is not an address of ours, or whose Origin is another page, is refused: a name that leads here
 * (DNS rebinding) and foreign pages get nothing. */
int show_serve(const char *path, const char *host, uint16_t port);

#endif
