/* SPDX-License-Identifier: MIT */
/* What a program recorded for itself (pprof_trace_start): the recording and the spool in one file. */
#ifndef PPROFMK_TOOL_TRACE_RAW_FILE_H
#define PPROFMK_TOOL_TRACE_RAW_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "tool/sym/sym.h"
#include "tool/trace/trace_raw.h"

/* Does the file begin as one of these does? */
bool trace_raw_file_is(const char *path);

struct trace_raw_file {
	struct recording recording;
	void *map;
	size_t size_bytes;
	struct trace_raw raw;
};

/* Map and check it. False with a sentence in error[error_size] ("x.trace: cut off in its tables"). */
bool trace_raw_file_open(struct trace_raw_file *file, const char *path, char *error,
			 size_t error_size);
void trace_raw_file_close(struct trace_raw_file *file);

/* Make a finished trace of a raw file, at `to`. process: as sym_set_process() has it. 0 or -errno, after a message. Of a damaged one it
 * is what can be read: how much is left out is said on stderr, and in the trace's note. */
int trace_raw_file_finish(const char *path, const char *to, pid_t process);

#endif
