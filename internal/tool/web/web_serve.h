/* SPDX-License-Identifier: MIT */
/* Showing a profile in pprof's pages. */
#ifndef PPROFMK_TOOL_WEB_SERVE_H
#define PPROFMK_TOOL_WEB_SERVE_H

#include "tool/asked/profile_file.h"
#include "tool/options.h"

/* Find the pprof program and serve a profile on --host and --port until Ctrl-C.
 *
 * base  what it is compared with: pprof shows the differences. NULL: nothing.
 *
 * Returns the exit status, after a message where that is no success. Context: the main thread. */
int web_serve(const struct profile_file *file, const struct profile *base,
	      const struct options *options);

#endif
