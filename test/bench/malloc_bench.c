/* SPDX-License-Identifier: MIT */
/* malloc and free at the end of a chain of calls: a cmocka test, so that it can be profiled.
 *
 *     malloc_bench [PAIRS [TEST]]     prints for a pair, in nanoseconds:
 *         malloc_free_ns NS           CPU time of the thread; of two threads the mean
 *         malloc_free_wall_ns NS      the same by the wall clock
 *         malloc_free_best_ns NS      CPU time in the best of many short rounds
 *
 * CPU time, since the machine may have other things to do. What threads do to each other's caches is in it; that they
 * sleep for a lock or a pipe is in the wall clock's figure only.
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

enum { ROUNDS = 100 };

static unsigned long pairs = 5000000;

NOIPA static void leaf(unsigned long count)
{
	for (unsigned long i = 0; i < count; i++) {
		void *block = malloc(64);

		__asm__ volatile("" : : "r"(block) : "memory");
		free(block);
	}
}

struct figures {
	double cpu_ns, wall_ns, best_ns;
};

static void print_figures(const struct figures *figures)
{
	printf("malloc_free_ns %.2f\nmalloc_free_wall_ns %.2f\nmalloc_free_best_ns %.3f\n",
	       figures->cpu_ns, figures->wall_ns, figures->best_ns);
}

NOIPA static void *run(void *argument)
{
	unsigned long each = pairs / ROUNDS;
	double begin_ns, cpu_ns, wall_ns, best_ns = 1e18, sum_ns = 0;

	bench_deep(leaf, each);
	wall_ns = bench_clock_ns(CLOCK_MONOTONIC);
	for (int round = 0; round < ROUNDS; round++) {
		begin_ns = bench_clock_ns(CLOCK_THREAD_CPUTIME_ID);
		bench_deep(leaf, each);
		cpu_ns = bench_clock_ns(CLOCK_THREAD_CPUTIME_ID) - begin_ns;
		sum_ns += cpu_ns;
		if (cpu_ns < best_ns)
			best_ns = cpu_ns;
	}
	wall_ns = bench_clock_ns(CLOCK_MONOTONIC) - wall_ns;
	*(struct figures *)argument =
		(struct figures){sum_ns / (double)(each * ROUNDS),
				 wall_ns / (double)(each * ROUNDS), best_ns / (double)each};
	return NULL;
}

static void bench_main(void **state)
{
	struct figures figures;

	(void)state;
	run(&figures);
	print_figures(&figures);
}

static void run_threads(int count)
{
	pthread_t threads[2];
	struct figures figures[2], mean = {0, 0, 0};

	for (int i = 0; i < count; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, run, &figures[i]), 0);
	for (int i = 0; i < count; i++) {
		pthread_join(threads[i], NULL);
		mean.cpu_ns += figures[i].cpu_ns / count;
		mean.wall_ns += figures[i].wall_ns / count;
		mean.best_ns += figures[i].best_ns / count;
	}
	print_figures(&mean);
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
	if (pairs < ROUNDS)
		pairs = ROUNDS;
	if (argc > 2)
		cmocka_set_test_filter(argv[2]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
