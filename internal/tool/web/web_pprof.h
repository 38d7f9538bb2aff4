/* SPDX-License-Identifier: MIT */
/* pprof as a child that dies with us. */
#ifndef PPROFMK_TOOL_WEB_PPROF_H
#define PPROFMK_TOOL_WEB_PPROF_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tool/profile/pprof_program.h"

struct web_pprof {
	pid_t pid; /* 0: not started, or it has ended */
	bool started;
	int errors_fd; /* its stderr, to be read; -1 before its start and after its end */
	int status;    /* as of waitpid(), once it has ended */
};

/* What it is to show. */
struct web_view {
	const char *file;
	const char *base; /* profile to compare it with, NULL: none */
	const char *sample_type;
	const char *
		trim_path; /* front of source paths to replace by the working directory; NULL: let it guess */
};

void web_pprof_init(struct web_pprof *pprof);

static inline bool web_pprof_has_ended(const struct web_pprof *pprof)
{
	return pprof->started && !pprof->pid;
}

/* Start it at 127.0.0.1:port, in a process group of its own: Ctrl-C in the terminal is for us alone. 0 or -errno.
 * Context: the main thread, which has to live as long as the child may. */
int web_pprof_start(struct web_pprof *pprof, const struct pprof_program *program,
		    const struct web_view *view, uint16_t port);

/* Hand on what it has written to its stderr, but for the line with its address, which is not the user's. */
void web_pprof_forward(struct web_pprof *pprof);

/* Note its end, if it has ended: pid becomes 0. */
void web_pprof_reap(struct web_pprof *pprof);

/* Ask it to end, and make it end after two seconds. One that was not started is taken. */
void web_pprof_stop(struct web_pprof *pprof);

#endif
