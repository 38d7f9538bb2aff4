/* SPDX-License-Identifier: MIT */
/* Memory of threads that have ended, for those that begin: unmapping a page stops every processor that runs the program,
 * and a fresh one faults for each page. A test that starts a thread for each piece of work would pay for both. */
#ifndef PPROFMK_RUNTIME_POOL_H
#define PPROFMK_RUNTIME_POOL_H

#include <stdatomic.h>
#include <stddef.h>

#define POOL_CAP 256

/* Zero at first. Things in it are of one kind. */
struct pool {
	atomic_flag lock;
	unsigned len;
	void *items[POOL_CAP];
};

/* A thing that was given, as it was when it was given; NULL: there is none. Context: any but a signal handler that may have interrupted a
 * call for the same pool, as of both: a pool that handlers use is used with the guard held. */
void *pool_take(struct pool *pool);

/* Returns 0, or -1 when the pool is full: the caller frees the thing. */
int pool_give(struct pool *pool, void *thing);

#endif
