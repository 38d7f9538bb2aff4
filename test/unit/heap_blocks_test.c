/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/heap/heap_blocks.c */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "runtime/heap/heap_blocks.h"

#define PLACES ((uintptr_t)HEAP_SET_WAYS << HEAP_SET_BITS)

/* As an allocator hands them out, 48 bytes apart. */
static const void *address(uintptr_t number)
{
	return (const void *)(0x7f0000000000 + number * 48);
}

static struct heap_block block_of(uintptr_t number)
{
	return (struct heap_block){(uint32_t)number, number + 1, number * 1000};
}

static bool put(uintptr_t number)
{
	struct heap_block what = block_of(number);

	return heap_blocks_put(address(number), &what);
}

static void assert_taken(uintptr_t number)
{
	struct heap_block what, expected = block_of(number);

	assert_true(heap_blocks_may_have(address(number)));
	assert_true(heap_blocks_take(address(number), &what));
	assert_int_equal(expected.site, what.site);
	assert_int_equal(expected.count, what.count);
	assert_int_equal(expected.bytes, what.bytes);
}

static void assert_filter_is_empty(void)
{
	for (size_t i = (size_t)1 << (63 - heap_filter_shift); i < sizeof heap_filter; i++)
		assert_int_equal(0, heap_filter[i]);
}

static void test_heap_blocks_give_back_what_was_put(void **state)
{
	struct heap_block what;

	(void)state;
	assert_false(heap_blocks_may_have(address(5)));
	assert_true(put(5));
	assert_false(heap_blocks_take(address(6), &what));
	assert_taken(5);
	assert_false(heap_blocks_may_have(address(5)));
	assert_false(heap_blocks_take(address(5), &what));
}

static void test_heap_blocks_null_is_never_known(void **state)
{
	struct heap_block what;

	(void)state;
	assert_false(heap_blocks_take(NULL, &what));
}

static void test_heap_blocks_filter_grows_and_forgets_nothing(void **state)
{
	const uintptr_t counts[] = {1, 30, 40, 500, 4000, 5000};
	unsigned false_alarms;

	(void)state;
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		for (uintptr_t number = 0; number < counts[i]; number++)
			assert_true(put(number));
		false_alarms = 0;
		for (uintptr_t number = 100000; number < 116000; number++)
			false_alarms += heap_blocks_may_have(address(number));
		/* One in 64, or what the largest of 2^16 can do: 5,000 in 65,536. */
		assert_in_range(false_alarms, 0, counts[i] < 4000 ? 300 : 1400);
		for (uintptr_t number = 0; number < counts[i]; number++)
			assert_taken(number);
		assert_filter_is_empty();
	}
}

static void test_heap_blocks_half_full_takes_all(void **state)
{
	(void)state;
	for (uintptr_t i = 0; i < PLACES / 2; i++)
		assert_true(put(i));
	for (uintptr_t i = 0; i < PLACES / 2; i++)
		assert_taken(i);
	assert_filter_is_empty();
}

static void test_heap_blocks_full_refuses_and_keeps_the_rest(void **state)
{
	static bool was_put[2 * PLACES];
	uintptr_t count = 0;

	(void)state;
	for (uintptr_t i = 0; i < 2 * PLACES; i++)
		count += was_put[i] = put(i);
	assert_in_range(count, PLACES * 9 / 10, PLACES);
	for (uintptr_t i = 0; i < 2 * PLACES; i++)
		if (was_put[i])
			assert_taken(i);
	assert_filter_is_empty();
}

/* Each thread's blocks are freed by its neighbour, one at a time. */
enum { THREADS = 4, ROUNDS = 5000 };

static _Atomic uintptr_t handed[THREADS]; /* number of a block plus 1, 0: none */
static _Atomic unsigned mistakes;

static void take_in_thread(uintptr_t number)
{
	struct heap_block what;

	if (!heap_blocks_may_have(address(number)) || !heap_blocks_take(address(number), &what) ||
	    what.count != number + 1)
		atomic_fetch_add(&mistakes, 1);
}

static void *hand_round(void *argument)
{
	uintptr_t self = (uintptr_t)argument;

	for (uintptr_t round = 0; round < ROUNDS; round++) {
		uintptr_t number = round % 64 * THREADS + self, other;

		while (atomic_load(&handed[self]) != 0)
			sched_yield();
		if (!put(number))
			atomic_fetch_add(&mistakes, 1);
		atomic_store(&handed[self], number + 1);
		while ((other = atomic_load(&handed[(self + 1) % THREADS])) == 0)
			sched_yield();
		take_in_thread(other - 1);
		atomic_store(&handed[(self + 1) % THREADS], 0);
	}
	return NULL;
}

static void test_heap_blocks_of_threads_are_freed_by_others(void **state)
{
	pthread_t threads[THREADS];

	(void)state;
	for (uintptr_t i = 0; i < THREADS; i++)
		assert_int_equal(0, pthread_create(&threads[i], NULL, hand_round, (void *)i));
	for (uintptr_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(0, mistakes);
	assert_filter_is_empty();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heap_blocks_give_back_what_was_put),
		cmocka_unit_test(test_heap_blocks_null_is_never_known),
		cmocka_unit_test(test_heap_blocks_filter_grows_and_forgets_nothing),
		cmocka_unit_test(test_heap_blocks_half_full_takes_all),
		cmocka_unit_test(test_heap_blocks_full_refuses_and_keeps_the_rest),
		cmocka_unit_test(test_heap_blocks_of_threads_are_freed_by_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
