/* SPDX-License-Identifier: MIT */
#include "runtime/pool.h"

#include <sys/syscall.h>
#include <unistd.h>

/* Held for some nanoseconds. */
static void lock(struct pool *pool)
{
	while (atomic_flag_test_and_set_explicit(&pool->lock, memory_order_acquire))
		syscall(SYS_sched_yield);
}

static void unlock(struct pool *pool)
{
	atomic_flag_clear_explicit(&pool->lock, memory_order_release);
}

void *pool_take(struct pool *pool)
{
	void *thing;

	lock(pool);
	thing = pool->len > 0 ? pool->items[--pool->len] : NULL;
	unlock(pool);
	return thing;
}

int pool_give(struct pool *pool, void *thing)
{
	int result = -1;

	lock(pool);
	if (pool->len < POOL_CAP) {
		pool->items[pool->len++] = thing;
		result = 0;
	}
	unlock(pool);
	return result;
}
