/* SPDX-License-Identifier: MIT */
/* Asking the thread that has a flight recorder's file for a trace of what is in it. */
#ifndef PPROFMK_RUNTIME_TRACE_WRITE_H
#define PPROFMK_RUNTIME_TRACE_WRITE_H

#include <stdint.h>

#include "format/trace_spool.h"

/* Have a file written with what there is, as `pprofmk trace-finish` takes it. Waits for it, and for others that do the same.
 *
 * path  made by rename; NULL: a memfd, whose descriptor in the caller's table is returned.
 *
 * Returns that, 0, or -errno. Context: a flight is recorded, and goes on meanwhile; not a signal handler. */
int trace_write(const char *path);

/* The same as a memfd, of a part only: what was before that time is left out, when so many bytes of heap were in use. */
int trace_write_from(uint64_t from_ns, int64_t heap_bytes);

/* The same, without waiting, to FOLDER/pprof.PID.N.trace, N from 1. Context: any. */
void trace_write_soon(void);

/* What FOLDER is; the current one when it is not set. Too long a path is cut, and then no file is made. */
void trace_write_set_folder(const char *folder);

/* Do what was asked for. write: to that empty file what is behind part->begin_ns; 0 or -errno. Context: that thread. */
typedef int trace_write_fn(int fd, const struct spool_cut *part);
void trace_write_answer(trace_write_fn *write);

/* That thread begins to answer, and ends: who waits then, or in the child of a fork asks, is told -ENOENT. */
void trace_write_begin(void);
void trace_write_end(void);

#endif
