/* SPDX-License-Identifier: MIT */
/* The program's side of the endpoint: when it begins, and what it is handed. */
#ifndef PPROFMK_RUNTIME_LIVE_SERVE_H
#define PPROFMK_RUNTIME_LIVE_SERVE_H

/* Taken out of the environment in place by the process that was started so: its children would want the same port. A shell,
 * timeout, nice and the like leave them to what they start. */
#define LIVE_ENV_ADDRESS "PPROF_HTTP"
#define LIVE_ENV_TOKEN	 "PPROF_HTTP_TOKEN"

/* As pprofmk.h says. */
int live_serve(const char *address);
int live_serve_stop(void);

#endif
