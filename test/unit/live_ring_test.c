/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/live/live_ring.c */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/live/live_ring.h"

enum { PUTTERS = 4, EACH = 20000 };

static struct live_ring ring;
static uint32_t next_of[PUTTERS]; /* what is to come from each */
static uint32_t taken;

/* A number that says who has put it, and as which of his. */
static void take_in_order(uint32_t number, enum live_ring_what what)
{
	uint32_t putter = number / EACH;

	assert_true(putter < PUTTERS);
	assert_true(number % EACH >= next_of[putter]);
	assert_int_equal(what, LIVE_RING_BEGAN + number % 3);
	next_of[putter] = number % EACH + 1;
	taken++;
}

static int setup(void **state)
{
	(void)state;
	live_ring_empty(&ring);
	taken = 0;
	for (int i = 0; i < PUTTERS; i++)
		next_of[i] = 0;
	return 0;
}

static void test_live_ring_hands_over_in_order(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 5; round++) {
		for (uint32_t i = 0; i < 1000; i++)
			assert_true(live_ring_put(&ring, round * 1000 + i,
						  LIVE_RING_BEGAN + (round * 1000 + i) % 3));
		assert_true(live_ring_take(&ring, take_in_order));
		assert_int_equal(taken, (round + 1) * 1000);
	}
}

static void test_live_ring_says_once_that_it_was_full(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < LIVE_RING_CAP; i++)
		assert_true(live_ring_put(&ring, i, LIVE_RING_BEGAN + i % 3));
	assert_false(live_ring_put(&ring, LIVE_RING_CAP, LIVE_RING_BEGAN));
	assert_false(live_ring_take(&ring, take_in_order));
	assert_int_equal(taken, LIVE_RING_CAP);
	assert_true(live_ring_take(&ring, take_in_order));
	assert_int_equal(taken, LIVE_RING_CAP);
}

static _Atomic uint32_t refused;
static _Atomic int at_work;

static void *put_all(void *number)
{
	uint32_t first = (uint32_t)(uintptr_t)number * EACH;

	for (uint32_t i = 0; i < EACH; i++)
		if (!live_ring_put(&ring, first + i, LIVE_RING_BEGAN + (first + i) % 3))
			atomic_fetch_add(&refused, 1);
	atomic_fetch_sub(&at_work, 1);
	return NULL;
}

static void test_live_ring_loses_nothing_that_it_took(void **state)
{
	pthread_t threads[PUTTERS];

	(void)state;
	at_work = PUTTERS;
	refused = 0;
	for (uintptr_t i = 0; i < PUTTERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, put_all, (void *)i), 0);
	while (atomic_load(&at_work) != 0)
		live_ring_take(&ring, take_in_order);
	for (int i = 0; i < PUTTERS; i++)
		pthread_join(threads[i], NULL);
	live_ring_take(&ring, take_in_order);
	assert_int_equal(taken + refused, PUTTERS * EACH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_live_ring_hands_over_in_order, setup),
		cmocka_unit_test_setup(test_live_ring_says_once_that_it_was_full, setup),
		cmocka_unit_test_setup(test_live_ring_loses_nothing_that_it_took, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
