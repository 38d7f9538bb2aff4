/* SPDX-License-Identifier: MIT */
/* A mutex that nobody waits for, locked and unlocked: a cmocka test, so that it can be profiled.
 *
 *     lock_bench [TEST]     prints "lock_unlock_ns NANOSECONDS"
 *
 * bench_alone has no other thread: libc then locks without an atomic operation. bench_beside has one, which sleeps.
 * The best of many short rounds is taken: one of them is left alone by the rest of the machine. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "bench.h"

enum { ROUNDS = 50, PAIRS = 200000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t parked = PTHREAD_MUTEX_INITIALIZER;

NOIPA static void lock_and_unlock(int count)
{
	for (int i = 0; i < count; i++) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
}

static void measure(void)
{
	double best_ns = 1e18;

	for (int round = 0; round < ROUNDS; round++) {
		double start_ns = bench_clock_ns(CLOCK_MONOTONIC), ns;

		lock_and_unlock(PAIRS);
		ns = bench_clock_ns(CLOCK_MONOTONIC) - start_ns;
		if (ns < best_ns)
			best_ns = ns;
	}
	printf("lock_unlock_ns %.3f\n", best_ns / PAIRS);
}

static void bench_alone(void **state)
{
	(void)state;
	measure();
}

static void *park(void *argument)
{
	pthread_mutex_lock(&parked);
	pthread_mutex_unlock(&parked);
	return argument;
}

static void bench_beside(void **state)
{
	pthread_t thread;

	(void)state;
	pthread_mutex_lock(&parked);
	assert_int_equal(pthread_create(&thread, NULL, park, NULL), 0);
	measure();
	pthread_mutex_unlock(&parked);
	pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bench_alone),
		cmocka_unit_test(bench_beside),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
