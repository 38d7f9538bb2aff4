/* SPDX-License-Identifier: MIT */
#include "runtime/sync/sync_contention.h"

#include <stddef.h>

/* Locks waited for at one time, in one bucket; more are not noted. */
#define WAYS 8

/* Times are counted in 16 ns, sums of them modulo 2^48 above a count of waiters of 16 bits. Differences are right up to
 * 2^47 * 16 ns: 26 days of one waiter, 37 minutes of a thousand, within one hold. */
#define TICK_SHIFT  4
#define COUNT_BITS  16
#define COUNT_MASK  ((UINT64_C(1) << COUNT_BITS) - 1)
#define TICKS_BITS  48
#define TICKS_MASK  ((UINT64_C(1) << TICKS_BITS) - 1)
#define WINDOW_BITS 16

/* A key is the lock's address with the window's low bits where addresses have none; 0: nobody's yet. */
#define KEY_CLAIMED UINT64_C(1)

struct contention {
	_Atomic uint64_t key;
	_Atomic uint32_t pins;	   /* who uses it now: waiters, and releases under way */
	_Atomic uint64_t state;	   /* (sum of a - sum of d) << COUNT_BITS | n */
	_Atomic uint64_t taken;	   /* of the integral, by releases so far; ticks modulo 2^48 */
	_Atomic uint64_t released; /* ticks at the last release */
	_Atomic uint32_t gave_up;  /* waiters that went without the lock since then */
};

_Atomic uint32_t contention_near[1 << CONTENTION_BUCKET_BITS];

static struct contention table[1 << CONTENTION_BUCKET_BITS][WAYS];

static uint64_t address_of(const void *lock)
{
	return (uint64_t)(uintptr_t)lock & (UINT64_MAX >> WINDOW_BITS);
}

static uint64_t key_of(const void *lock, uint32_t window)
{
	return address_of(lock) | (uint64_t)window << (64 - WINDOW_BITS);
}

/* Entries of window 0 are a trace's, and have its clock. */
static bool has_clock_of(uint64_t key, uint64_t other)
{
	return (key >> (64 - WINDOW_BITS) == 0) == (other >> (64 - WINDOW_BITS) == 0);
}

static uint64_t integral(uint64_t state, uint64_t now)
{
	return ((state & COUNT_MASK) * now - (state >> COUNT_BITS)) & TICKS_MASK;
}

static bool is_idle(const struct contention *contention)
{
	return atomic_load(&contention->pins) == 0 && atomic_load(&contention->gave_up) == 0;
}

/* Make an idle entry the key's. Whoever uses an entry pins it and then looks at the key again; we change the key and
 * then look at the pins again. So one of the two sees the other, and steps back. */
static bool claim(struct contention *contention, uint64_t key)
{
	uint64_t old = atomic_load(&contention->key);

	if (old == KEY_CLAIMED || !is_idle(contention) ||
	    !atomic_compare_exchange_strong(&contention->key, &old, KEY_CLAIMED))
		return false;
	if (!is_idle(contention)) {
		atomic_store(&contention->key, old);
		return false;
	}
	atomic_store(&contention->taken, integral(atomic_load(&contention->state), 0));
	atomic_store(&contention->released, 0);
	atomic_store(&contention->key, key);
	return true;
}

static void advance(_Atomic uint64_t *time, uint64_t now)
{
	uint64_t old = atomic_load(time);

	while (old < now && !atomic_compare_exchange_weak(time, &old, now))
		;
}

static bool pin(struct contention *contention, uint64_t key)
{
	if (atomic_load(&contention->key) != key)
		return false;
	atomic_fetch_add(&contention->pins, 1);
	if (atomic_load(&contention->key) == key)
		return true;
	atomic_fetch_sub(&contention->pins, 1);
	return false;
}

static struct contention *find_or_claim(struct contention *ways, uint64_t key)
{
	for (int i = 0; i < WAYS; i++)
		if (pin(&ways[i], key))
			return &ways[i];
	/* Two threads may each claim an entry for the same key here: a release looks at all of them. */
	for (int i = 0; i < WAYS; i++)
		if (claim(&ways[i], key) && pin(&ways[i], key))
			return &ways[i];
	return NULL;
}

struct contention *contention_enter(const void *lock, uint32_t window, uint64_t now_ns)
{
	uint32_t bucket = contention_bucket(lock);
	struct contention *contention = find_or_claim(table[bucket], key_of(lock, window));

	if (contention == NULL)
		return NULL;
	atomic_fetch_add(&contention->state, ((now_ns >> TICK_SHIFT) << COUNT_BITS) + 1);
	atomic_fetch_add_explicit(&contention_near[bucket], 1, memory_order_relaxed);
	return contention;
}

static void near_decrement(const struct contention *contention)
{
	size_t bucket = (size_t)(contention - table[0]) / WAYS;

	atomic_fetch_sub_explicit(&contention_near[bucket], 1, memory_order_relaxed);
}

void contention_leave(struct contention *contention, uint64_t since_ns, uint64_t now_ns,
		      bool gave_up)
{
	uint64_t since = since_ns >> TICK_SHIFT;
	uint64_t released = atomic_load(&contention->released);
	uint64_t until = now_ns >> TICK_SHIFT;

	/* With the lock: what it waited for were the holds up to the last release, and they have been charged. */
	if (!gave_up && released < until)
		until = released > since ? released : since;
	/* Those that gave up stay near the lock, as one, until the release that is charged with them. */
	if (!gave_up || atomic_fetch_add(&contention->gave_up, 1) != 0)
		near_decrement(contention);
	atomic_fetch_sub(&contention->state, (until << COUNT_BITS) + 1);
	atomic_fetch_sub(&contention->pins, 1);
}

/* The part of the integral up to now that no release has taken, in ticks. */
static uint64_t take(struct contention *contention, uint64_t state, uint64_t now)
{
	uint64_t total = integral(state, now);
	uint64_t taken = atomic_load(&contention->taken);
	uint64_t delta;

	do {
		delta = (total - taken) & TICKS_MASK;
		/* Negative: a release that looked at the clock after us was quicker and has taken it. */
		if (delta >> (TICKS_BITS - 1) != 0)
			return 0;
	} while (!atomic_compare_exchange_weak(&contention->taken, &taken, total));
	return delta;
}

static struct contention_sum release(struct contention *contention, uint64_t now_ns)
{
	uint64_t state = atomic_load(&contention->state);
	uint32_t gave_up = atomic_exchange(&contention->gave_up, 0);
	struct contention_sum sum;

	if (gave_up != 0)
		near_decrement(contention);
	sum.waiters = (state & COUNT_MASK) + gave_up;
	sum.delay_ns = take(contention, state, now_ns >> TICK_SHIFT) << TICK_SHIFT;
	advance(&contention->released, now_ns >> TICK_SHIFT);
	return sum;
}

struct contention_sum contention_release(const void *lock, uint32_t window, uint64_t now_ns)
{
	struct contention *ways = table[contention_bucket(lock)];
	struct contention_sum sum = {0, 0};

	for (int i = 0; i < WAYS; i++) {
		uint64_t key = atomic_load(&ways[i].key);
		struct contention_sum part;

		if ((key & (UINT64_MAX >> WINDOW_BITS)) != address_of(lock) ||
		    !has_clock_of(key, key_of(lock, window)) || !pin(&ways[i], key))
			continue;
		/* Also of other windows, so that those who gave up there are forgotten. */
		part = release(&ways[i], now_ns);
		atomic_fetch_sub(&ways[i].pins, 1);
		if (key != key_of(lock, window))
			continue;
		sum.delay_ns += part.delay_ns;
		sum.waiters += part.waiters;
	}
	/* With nobody there, what is left in the integral is rounding. */
	if (sum.waiters == 0)
		sum.delay_ns = 0;
	return sum;
}
