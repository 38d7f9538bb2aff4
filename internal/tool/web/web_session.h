/* SPDX-License-Identifier: MIT */
/* Serving a profile's pages until Ctrl-C. */
#ifndef PPROFMK_TOOL_WEB_SESSION_H
#define PPROFMK_TOOL_WEB_SESSION_H

#include <stdint.h>

#include "tool/asked/profile_file.h"
#include "tool/profile/pprof_program.h"

/* Serve a profile on a host's port (0: any free one), and say where. Returns the exit status: TOOL_OK when a signal
 * asked for the end. Context: the main thread. Signals that end us stay blocked.
 *
 * base  what it is compared with; NULL: nothing. */
int web_session_run(const struct profile_file *file, const struct profile *base,
		    const struct pprof_program *program, const char *host, uint16_t port);

#endif
