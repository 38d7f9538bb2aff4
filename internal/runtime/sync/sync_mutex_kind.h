/* SPDX-License-Identifier: MIT */
/* What can be told from a mutex before it is unlocked. */
#ifndef PPROFMK_RUNTIME_SYNC_MUTEX_KIND_H
#define PPROFMK_RUNTIME_SYNC_MUTEX_KIND_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/single_threaded.h>
#include <threads.h>

/* Whether one unlock by its owner makes the mutex free: not so while a recursive one is locked more than once. The
 * fields are those that glibc's static initializers fix. mtx_t is a pthread_mutex_t there. */
static inline bool mutex_is_last_unlock(const pthread_mutex_t *mutex)
{
	const int kind_mask = 3; /* without the bits for robust, inheriting, protected, shared */

	return (mutex->__data.__kind & kind_mask) != PTHREAD_MUTEX_RECURSIVE_NP ||
	       mutex->__data.__count <= 1;
}

/* Whether a lock of it is no wait for certain: there is no other thread, and other processes do not share the mutex.
 * libc takes one without an atomic operation then, which trying first would cost: 5 ns instead of 1. */
static inline bool mutex_is_alone(const pthread_mutex_t *mutex)
{
	const int shared_bit = 128;

	return __libc_single_threaded && (mutex->__data.__kind & shared_bit) == 0;
}

static inline bool mtx_is_alone(const mtx_t *mutex)
{
	return mutex_is_alone((const pthread_mutex_t *)(const void *)mutex);
}

static inline bool mtx_is_last_unlock(const mtx_t *mutex)
{
	return mutex_is_last_unlock((const pthread_mutex_t *)(const void *)mutex);
}

#endif
