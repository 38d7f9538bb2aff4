/* SPDX-License-Identifier: MIT */
/* Stands between browsers and the two pprof of a session: answers "/" with the page to begin with and a download with the
 * profile's file, hands everything else on to the pprof that it is for.
 *
 * Why "/": pprof serves its graph there, which needs graphviz and shows less at a glance than the flame graph. Why two:
 * see web_profile.h. */
#ifndef PPROFMK_TOOL_WEB_RELAY_H
#define PPROFMK_TOOL_WEB_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct web_routes {
	const char *home;	/* where "/" leads to: "/ui/flamegraph" */
	const char *file;	/* of the profile: pprof has copies, with other paths in them */
	uint16_t pages_port;	/* of the pprof that has no programs, at 127.0.0.1 */
	uint16_t programs_port; /* of the one that has: for instructions */
};

/* Take a connection that waits at a listening socket and serve it in a thread of its own. One request a connection. A
 * pprof that does not listen yet is waited for.
 *
 * routes  not copied: valid as long as the process. */
void web_relay_accept(int listening_fd, const struct web_routes *routes);

/* Is a request's head one that asks for a page ("/", "/ui/top"), with or without a query? */
bool web_relay_is_for(const char *head, const char *page);

/* The head to hand on: without its Connection and Keep-Alive lines, with "Connection: close", so that the next
 * request comes by here again. `head` ends with an empty line. The caller frees the result. */
char *web_relay_head(const char *head);

#endif
