/* SPDX-License-Identifier: MIT */
/* Of a program's own trace only the end is kept: the flight recorder. Blocks stay in a file, of which the beginning is given back
 * (format/flight_ring.h); a trace is made of them when it is asked for.
 *
 * Context of all: the thread that takes chunks away. */
#ifndef PPROFMK_RUNTIME_TRACE_FLIGHT_H
#define PPROFMK_RUNTIME_TRACE_FLIGHT_H

#include "format/flight_ring.h"

/* fd: of the file, whose blocks begin at `first`. */
void trace_flight_open(const struct flight_limits *limits, int fd, uint64_t first);
void trace_flight_close(void);

/* Is what has been collected to be stored now, and trace_flight_mark() called? size: of the file. */
bool trace_flight_is_due(uint64_t size);

/* Appends a block, whose magic and crc it makes, to the file. */
typedef void trace_flight_store(struct spool_block *block, const void *payload);

/* Everything up to now is in the file, but for chunks that are not full: drop what is older than is wanted.
 *
 * taken  ticks: chunks that were full by then are in it
 * store  NULL where nobody reads the file behind the program's death; else what is needed then is stored before. */
void trace_flight_mark(uint64_t size, uint64_t taken, trace_flight_store *store);

/* The disk is full. False: nothing can be dropped. */
bool trace_flight_shrink(uint64_t size);

/* Write what there is to an empty file, as `pprofmk trace-finish` takes it, with what is in chunks that are not full. Behind
 * trace_flight_mark().
 *
 * part  nothing of before its begin_ns is wanted, when heap_bytes were in use; 0: all.
 *
 * 0 or -errno. */
int trace_flight_write(int fd, uint64_t size, const struct spool_cut *part);

#endif
