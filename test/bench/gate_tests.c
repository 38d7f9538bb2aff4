/* SPDX-License-Identifier: MIT */
/* What a gate looks at: an operation of STEPS multiplications, as a benchmark and as a test; BLOCKS allocations; threads whose
 * peak is another in each run. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "pprofmk.h"

#ifndef STEPS
#define STEPS 1000
#endif
#ifndef BLOCKS
#define BLOCKS 1000
#endif

static void work(int steps)
{
	uint32_t x = 1;

	for (int i = 0; i < steps; i++) {
		x = x * 1664525u + 1013904223u;
		PPROF_KEEP(x);
	}
}

static void take(size_t size)
{
	void *block = malloc(size);

	PPROF_KEEP(block);
	free(block);
}

static void bench_steps(void **state)
{
	(void)state;
	PPROF_BENCH_LOOP() {
		work(STEPS);
	}
}

static void test_steps(void **state)
{
	(void)state;
	work(100 * STEPS);
}

static void test_blocks(void **state)
{
	(void)state;
	for (int i = 0; i < BLOCKS; i++)
		take(16 + i % 100);
}

static void *take_many(void *nothing)
{
	for (int i = 0; i < 1000; i++)
		take(100000);
	return nothing;
}

static void test_threads(void **state)
{
	pthread_t threads[4];

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, take_many, NULL), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bench_steps),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
