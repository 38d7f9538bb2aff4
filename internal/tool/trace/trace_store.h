/* SPDX-License-Identifier: MIT */
/* The spool (format/trace_spool.h) as the tool writes it: a file without a name in the folder of the results, so that nothing
 * of it is left whatever ends us. */
#ifndef PPROFMK_TOOL_TRACE_STORE_H
#define PPROFMK_TOOL_TRACE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/trace_spool.h"

struct trace_store {
	int fd;
	uint64_t size_bytes, limit_bytes;
	uint64_t first; /* where the first block is that was not dropped */
	int error; /* errno of the write that failed; what was stored before it is good. ENOSPC as well as others */
	bool is_full; /* the limit is reached */
	int reserve;  /* a file that keeps some room for the finished trace, -1: there is none */
};

/* False with errno set when there can be no file in the folder. limit_bytes: what all blocks together may take. */
bool trace_store_open(struct trace_store *store, const char *folder, uint64_t limit_bytes);
/* The same without a limit, for blocks that are dropped again: in memory where the file system can't take back what has been
 * written. */
bool trace_store_open_flight(struct trace_store *store, const char *folder);
/* Give the room back that was kept for the finished trace. */
void trace_store_make_room(struct trace_store *store);
void trace_store_close(struct trace_store *store);

/* Append a block. False, and nothing of it is there, when the limit is reached or a write failed, now or before. */
bool trace_store_add(struct trace_store *store, enum spool_kind kind, uint32_t owner,
		     uint32_t sequence, uint64_t base, const void *payload, size_t size_bytes);

/* Give the disk back what is before `to`, where a block begins. After that there is room again where there was none. */
void trace_store_drop(struct trace_store *store, uint64_t to);

/* Map what there is of the blocks; *size_bytes is their size. NULL: there are none. */
const void *trace_store_map(const struct trace_store *store, size_t *size_bytes);
void trace_store_unmap(const struct trace_store *store, const void *blocks);

#endif
