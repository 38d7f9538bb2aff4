/* SPDX-License-Identifier: MIT */
#ifndef PPROFMK_TOOL_ANSWER_TRACE_H
#define PPROFMK_TOOL_ANSWER_TRACE_H

#include <stddef.h>
#include <sys/types.h>

/* The finished trace of a raw one (tool/trace/trace_raw_file.h), in a file without a name. `raw` is closed.
 *
 * process: as sym_set_process() has it. A descriptor, or -errno with
 * a sentence in error[error_size]. */
int answer_trace(int raw, pid_t process, char *error, size_t error_size);

#endif
