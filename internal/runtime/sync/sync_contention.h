/* SPDX-License-Identifier: MIT */
/* Who waits for which lock, so that whoever releases it can be charged with the waiting.
 *
 * A thread that finds a lock taken enters here before it blocks and leaves when it has the lock or has given up.
 * A release asks how much waiting there has been for this lock since the release before it. That is the holder's
 * figure of the mutex profile:
 *
 *     delay_ns  sum over the waiters of the time they waited since the previous release of the lock
 *     waiters   how many they were
 *
 * Worked example: H takes a lock at 0 ms. A begins to wait at 10, B at 20. H releases at 50: it is charged with
 * 40 + 30 = 70 ms for 2 waiters. A gets the lock and releases it at 65: B has waited 15 ms since the release
 * before, so A is charged with 15 ms for 1 waiter. B gets it and nobody waits: nothing is charged. A waited 40 ms
 * and B 45, 85 in all, and so is the sum of what was charged. A waiter that gives up at 30 has still
 * waited for H's hold, and is in H's figure. What a waiter needs to wake up after the last release before it
 * has the lock is charged to nobody, so the holders' sum is that much below the waiters'.
 *
 * One 64-bit word a lock holds the arithmetic. With a(i) the times at which waiters came, d(i) those at which they
 * went and n those there now, the time waited by all of them up to t is the integral n*t - (sum a - sum d). Coming
 * is one atomic add, going one atomic subtract, and a release takes the difference to what earlier releases took.
 * No lock is taken and none of the user's memory is read. */
#ifndef PPROFMK_RUNTIME_SYNC_CONTENTION_H
#define PPROFMK_RUNTIME_SYNC_CONTENTION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define CONTENTION_BUCKET_BITS 10

/* For each bucket of locks how many waiters they have; see contention_is_near. 4 KiB, so that it stays in the first
 * level cache of a program that takes many locks. */
extern __attribute__((
	visibility("hidden"))) _Atomic uint32_t contention_near[1 << CONTENTION_BUCKET_BITS];

static inline uint32_t contention_bucket(const void *lock)
{
	/* Fibonacci hashing (Knuth, vol. 3, 6.4): 2^64 / the golden ratio. */
	uint64_t mixed = ((uint64_t)(uintptr_t)lock >> 2) * UINT64_C(0x9E3779B97F4A7C15);

	return (uint32_t)(mixed >> (64 - CONTENTION_BUCKET_BITS));
}

/* Whether anybody may be waiting for this lock: false is certain, true may be a neighbour's. The only thing that a
 * release costs when nobody waits. Any context. */
static inline bool contention_is_near(const void *lock)
{
	return atomic_load_explicit(&contention_near[contention_bucket(lock)],
				    memory_order_relaxed) != 0;
}

struct contention; /* one lock that is waited for */

/* The calling thread begins to wait for `lock`.
 *
 * window   number of the window; waiters and releases of different windows know nothing of each other. 0: a trace's, whose
 *          clock may be another one; both may know the same waiter.
 * now_ns   the clock, as given to all functions here.
 *
 * Returns what contention_leave wants, NULL when there is no room to note it. Context: any; nothing
 * here waits. */
struct contention *contention_enter(const void *lock, uint32_t window, uint64_t now_ns);

/* The waiter that entered at since_ns has the lock, or (gave_up) stopped waiting for it without. Once for each
 * entering, by the same thread. */
void contention_leave(struct contention *contention, uint64_t since_ns, uint64_t now_ns,
		      bool gave_up);

struct contention_sum {
	uint64_t delay_ns;
	uint64_t waiters;
};

/* The caller is about to release `lock`, which it still holds. */
struct contention_sum contention_release(const void *lock, uint32_t window, uint64_t now_ns);

#endif
