/* SPDX-License-Identifier: MIT */
/* The trace that a user asks for by test, and the part of it. */
#ifndef PPROFMK_TOOL_TRACE_ASKED_H
#define PPROFMK_TOOL_TRACE_ASKED_H

#include <stdbool.h>
#include <stdint.h>

#include "format/trace_file.h"
#include "tool/options.h"

struct trace_asked {
	char *func;
	char *path;
	struct trace *trace;
	uint64_t from_ns, to_ns; /* since the trace began; the whole span when not told */
	bool is_part;		 /* --from or --to was given */
};

/* DIR/STEM.trace for a test's name (see names.h). The caller frees it. */
char *trace_asked_path(const char *dir, const char *func);

/* Say that there is no such trace, and which target makes it. Returns TOOL_FAILED. */
int trace_asked_missing(const char *path, const char *func);

/* A whole subcommand about one trace: open what --func and --out name, check --from and --to where the
 * command has them, and hand both to `show`. Without --func it is the newest trace; traces of running programs are found too
 * (live_folder.h). Returns the exit status, of `show` when it comes to that. A file that is
 * not there: which target makes it. */
int trace_asked_show(const struct options *options,
		     int (*show)(const struct trace_asked *asked, const struct options *options));

#endif
