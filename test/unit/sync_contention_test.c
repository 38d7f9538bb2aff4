/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/sync/sync_contention.c */
/* What a release is charged with, by arithmetic: the clock is the test's own. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "runtime/sync/sync_contention.h"

#define MS UINT64_C(1000000)
/* Times are kept in 16 ns. */
#define ROUNDING 16

static char memory[1 << 20];

static void assert_sum(struct contention_sum sum, uint64_t waiters, uint64_t delay_ns)
{
	assert_int_equal(sum.waiters, waiters);
	assert_in_range(sum.delay_ns, delay_ns - delay_ns % ROUNDING,
			delay_ns + waiters * ROUNDING);
}

static void test_sync_contention_charges_nothing_without_waiters(void **state)
{
	(void)state;
	assert_false(contention_is_near(&memory[0]));
	assert_sum(contention_release(&memory[0], 1, 5 * MS), 0, 0);
}

/* The worked example of the header. */
static void test_sync_contention_charges_each_hold_with_its_own_waiting(void **state)
{
	struct contention *a, *b;

	(void)state;
	a = contention_enter(&memory[64], 1, 10 * MS);
	b = contention_enter(&memory[64], 1, 20 * MS);
	assert_true(contention_is_near(&memory[64]));
	assert_sum(contention_release(&memory[64], 1, 50 * MS), 2, 70 * MS);
	contention_leave(a, 10 * MS, 51 * MS, false);
	assert_sum(contention_release(&memory[64], 1, 65 * MS), 1, 15 * MS);
	contention_leave(b, 20 * MS, 66 * MS, false);
	assert_false(contention_is_near(&memory[64]));
	assert_sum(contention_release(&memory[64], 1, 90 * MS), 0, 0);
}

static void test_sync_contention_multiplies_a_hold_by_its_waiters(void **state)
{
	struct contention *waiters[5];

	(void)state;
	for (int i = 0; i < 5; i++)
		waiters[i] = contention_enter(&memory[128], 1, 100 * MS);
	assert_sum(contention_release(&memory[128], 1, 150 * MS), 5, 250 * MS);
	for (int i = 0; i < 5; i++)
		contention_leave(waiters[i], 100 * MS, 150 * MS + 1, false);
	assert_false(contention_is_near(&memory[128]));
}

static void test_sync_contention_charges_those_who_gave_up(void **state)
{
	struct contention *a, *b;

	(void)state;
	a = contention_enter(&memory[192], 1, 0);
	b = contention_enter(&memory[192], 1, 5 * MS);
	contention_leave(a, 0, 30 * MS, true);
	contention_leave(b, 5 * MS, 35 * MS, true);
	assert_true(contention_is_near(&memory[192]));
	assert_sum(contention_release(&memory[192], 1, 50 * MS), 2, 60 * MS);
	assert_false(contention_is_near(&memory[192]));
}

static void test_sync_contention_forgets_a_wait_that_no_release_ended(void **state)
{
	struct contention *a;

	(void)state;
	a = contention_enter(&memory[256], 1, 10 * MS);
	contention_leave(a, 10 * MS, 40 * MS, false);
	a = contention_enter(&memory[256], 1, 60 * MS);
	assert_sum(contention_release(&memory[256], 1, 62 * MS), 1, 2 * MS);
	contention_leave(a, 60 * MS, 63 * MS, false);
}

static void test_sync_contention_keeps_windows_apart(void **state)
{
	struct contention *a, *b;

	(void)state;
	a = contention_enter(&memory[320], 1, 10 * MS);
	b = contention_enter(&memory[320], 2, 20 * MS);
	assert_sum(contention_release(&memory[320], 2, 50 * MS), 1, 30 * MS);
	contention_leave(a, 10 * MS, 51 * MS, false);
	contention_leave(b, 20 * MS, 51 * MS, false);
	/* One who gave up in a window that is over is in nobody's sum, and does not stay near for ever. */
	a = contention_enter(&memory[320], 2, 60 * MS);
	contention_leave(a, 60 * MS, 70 * MS, true);
	assert_sum(contention_release(&memory[320], 3, 80 * MS), 0, 0);
	assert_false(contention_is_near(&memory[320]));
}

/* A trace whose clock runs ahead, beside what is counted: each hears of the hold by its own. */
static void test_sync_contention_keeps_the_clock_of_a_trace_apart(void **state)
{
	struct contention *counted, *traced;

	(void)state;
	traced = contention_enter(&memory[4096], 0, 9000 * MS);
	counted = contention_enter(&memory[4096], 1, 10 * MS);
	assert_sum(contention_release(&memory[4096], 0, 9040 * MS), 1, 40 * MS);
	assert_sum(contention_release(&memory[4096], 1, 50 * MS), 1, 40 * MS);
	contention_leave(traced, 9000 * MS, 9041 * MS, false);
	contention_leave(counted, 10 * MS, 51 * MS, false);
	assert_false(contention_is_near(&memory[4096]));
}

/* Readers of a lock leave one by one while a writer waits. */
static void test_sync_contention_shares_a_wait_among_releases(void **state)
{
	struct contention *writer;

	(void)state;
	writer = contention_enter(&memory[384], 1, 10 * MS);
	assert_sum(contention_release(&memory[384], 1, 30 * MS), 1, 20 * MS);
	assert_sum(contention_release(&memory[384], 1, 35 * MS), 1, 5 * MS);
	/* Its clock was read before the one above, but it came later. */
	assert_int_equal(contention_release(&memory[384], 1, 34 * MS).delay_ns, 0);
	contention_leave(writer, 10 * MS, 36 * MS, false);
}

/* More locks, one after the other, than there is room for at one time. */
static void test_sync_contention_reuses_what_is_idle(void **state)
{
	(void)state;
	for (size_t i = 1; i <= 100000; i++) {
		const char *lock = &memory[(i * 8) % sizeof memory];
		uint64_t now_ns = 1000 * MS + i * MS;
		struct contention *waiter = contention_enter(lock, 1, now_ns);

		assert_non_null(waiter);
		assert_sum(contention_release(lock, 1, now_ns + 500), 1, 500);
		contention_leave(waiter, now_ns, now_ns + 600, false);
	}
}

static void test_sync_contention_keeps_apart_what_shares_a_bucket(void **state)
{
	const char *locks[9];
	struct contention *waiters[9];
	size_t count = 0;

	(void)state;
	for (size_t i = 4096; count < 9; i += 8) {
		assert_true(i < sizeof memory);
		if (contention_bucket(&memory[i]) == contention_bucket(&memory[4096]))
			locks[count++] = &memory[i];
	}
	for (size_t i = 0; i < 8; i++)
		assert_non_null(waiters[i] = contention_enter(locks[i], 1, i * MS));
	assert_null(contention_enter(locks[8], 1, 8 * MS));
	for (size_t i = 0; i < 8; i++) {
		assert_sum(contention_release(locks[i], 1, 10 * MS), 1, (10 - i) * MS);
		contention_leave(waiters[i], i * MS, 10 * MS, false);
	}
	waiters[8] = contention_enter(locks[8], 1, 11 * MS);
	assert_non_null(waiters[8]);
	contention_leave(waiters[8], 11 * MS, 12 * MS, false);
	assert_false(contention_is_near(locks[0]));
}

/* A day of a thousand waiters is more than the sums hold, half an hour is not; and the clock may be anything. */
static void test_sync_contention_holds_long_holds(void **state)
{
	enum { WAITERS = 1000 };
	const uint64_t start_ns = UINT64_C(1) << 60, hold_ns = 1800 * 1000 * MS;
	static struct contention *waiters[WAITERS];

	(void)state;
	for (int i = 0; i < WAITERS; i++)
		waiters[i] = contention_enter(&memory[512], 1, start_ns);
	assert_sum(contention_release(&memory[512], 1, start_ns + hold_ns), WAITERS,
		   WAITERS * hold_ns);
	for (int i = 0; i < WAITERS; i++)
		contention_leave(waiters[i], start_ns, start_ns + hold_ns, false);
}

/* Threads wait for locks of one bucket (more locks than ways, so that entries change hands) and release them, on a
 * clock that all share. What is charged in all is no more than the time that waiters were there, and about as much as they
 * were there before the release of their own. */
enum { THREADS = 4, ROUNDS = 20000, LOCKS = 12 };

static const char *bucket_mates[LOCKS];
static _Atomic uint64_t ticks = UINT64_C(1) << 61, present_ns, own_ns, charged_ns;

static void *wait_and_release(void *argument)
{
	uint64_t random = (uint64_t)(uintptr_t)argument * 7919 + 1;

	for (int i = 0; i < ROUNDS; i++) {
		const char *lock;
		struct contention *contention;
		uint64_t start, middle;

		random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
		lock = bucket_mates[(random >> 33) % LOCKS];
		start = atomic_fetch_add(&ticks, 160);
		contention = contention_enter(lock, 1, start);
		middle = atomic_fetch_add(&ticks, 160);
		atomic_fetch_add(&charged_ns, contention_release(lock, 1, middle).delay_ns);
		if (contention == NULL)
			continue;
		contention_leave(contention, start, atomic_fetch_add(&ticks, 160),
				 random >> 60 == 0);
		atomic_fetch_add(&own_ns, middle - start);
		atomic_fetch_add(&present_ns, atomic_fetch_add(&ticks, 160) - start);
	}
	return NULL;
}

static void test_sync_contention_balances_under_threads(void **state)
{
	pthread_t threads[THREADS];
	size_t count = 0;

	(void)state;
	for (size_t i = 8192; count < LOCKS; i += 8)
		if (contention_bucket(&memory[i]) == contention_bucket(&memory[8192]))
			bucket_mates[count++] = &memory[i];
	for (uintptr_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, wait_and_release, (void *)i), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < LOCKS; i++)
		charged_ns += contention_release(bucket_mates[i], 1, ticks).delay_ns;
	assert_false(contention_is_near(bucket_mates[0]));
	assert_in_range(charged_ns, own_ns / 2, present_ns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sync_contention_charges_nothing_without_waiters),
		cmocka_unit_test(test_sync_contention_charges_each_hold_with_its_own_waiting),
		cmocka_unit_test(test_sync_contention_multiplies_a_hold_by_its_waiters),
		cmocka_unit_test(test_sync_contention_charges_those_who_gave_up),
		cmocka_unit_test(test_sync_contention_forgets_a_wait_that_no_release_ended),
		cmocka_unit_test(test_sync_contention_keeps_windows_apart),
		cmocka_unit_test(test_sync_contention_keeps_the_clock_of_a_trace_apart),
		cmocka_unit_test(test_sync_contention_shares_a_wait_among_releases),
		cmocka_unit_test(test_sync_contention_reuses_what_is_idle),
		cmocka_unit_test(test_sync_contention_keeps_apart_what_shares_a_bucket),
		cmocka_unit_test(test_sync_contention_holds_long_holds),
		cmocka_unit_test(test_sync_contention_balances_under_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
