/* SPDX-License-Identifier: MIT */
/* malloc and free at the end of a chain of calls: a cmocka test, so that it can be profiled.
 *
 *     malloc_bench [PAIRS [TEST]]     prints "malloc_free_ns NANOSECONDS", for a pair in each thread
 *
 * bench_main runs in the main thread, with no other. bench_one_thread and bench_two_threads differ in nothing but the
 * number of threads, which do the same at the same depth. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "bench.h"

static unsigned long pairs = 5000000;

NOIPA static void leaf(unsigned long count)
{
	for (unsigned long i = 0; i < count; i++) {
		void *block = malloc(64);

		__asm__ volatile("" : : "r"(block) : "memory");
		free(block);
	}
}

NOIPA static void *run(void *result)
{
	double start_ns;

	bench_deep(leaf, pairs / 100);
	start_ns = bench_clock_ns(CLOCK_MONOTONIC);
	bench_deep(leaf, pairs);
	*(double *)result = (bench_clock_ns(CLOCK_MONOTONIC) - start_ns) / (double)pairs;
	return NULL;
}

static void bench_main(void **state)
{
	double ns;

	(void)state;
	run(&ns);
	printf("malloc_free_ns %.2f\n", ns);
}

static void run_threads(int count)
{
	pthread_t threads[2];
	double ns[2], sum_ns = 0;

	for (int i = 0; i < count; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, run, &ns[i]), 0);
	for (int i = 0; i < count; i++) {
		pthread_join(threads[i], NULL);
		sum_ns += ns[i];
	}
	printf("malloc_free_ns %.2f\n", sum_ns / count);
}

static void bench_one_thread(void **state)
{
	(void)state;
	run_threads(1);
}

static void bench_two_threads(void **state)
{
	(void)state;
	run_threads(2);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bench_main),
		cmocka_unit_test(bench_one_thread),
		cmocka_unit_test(bench_two_threads),
	};

	if (argc > 1)
		pairs = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		cmocka_set_test_filter(argv[2]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
