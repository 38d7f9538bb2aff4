/* SPDX-License-Identifier: MIT */
/* What the wrappers cost where nobody waits: nanoseconds for a lock and an unlock. A cmocka program, so that the same
 * binary runs bare, with the runtime loaded and nothing asked, and in the window of a block profile:
 *
 *     cc -O2 -o sync_bench test/bench/sync_bench.c -lcmocka -pthread
 *     ./sync_bench
 *     LD_PRELOAD=$PWD/_output/build/lib/libpprofmk-sync.so ./sync_bench
 *     _output/build/bin/pprofmk test --bin ./sync_bench --kinds block --count 1 --out /tmp/sync_bench
 *
 * Each line is the best of eleven rounds: what a quiet machine would show. */
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <threads.h>
#include <time.h>

#include <cmocka.h>

#define NOIPA __attribute__((noipa))

enum { ROUNDS = 11, CALLS = 2000000, LOCKS = 1024 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t parked = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t many[LOCKS];
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static mtx_t c11;
static sem_t semaphore;

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

NOIPA static void use_mutex(int i)
{
	(void)i;
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
}

/* More locks than fit the first level cache. */
NOIPA static void use_many(int i)
{
	pthread_mutex_lock(&many[i % LOCKS]);
	pthread_mutex_unlock(&many[i % LOCKS]);
}

NOIPA static void use_read(int i)
{
	(void)i;
	pthread_rwlock_rdlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
}

NOIPA static void use_write(int i)
{
	(void)i;
	pthread_rwlock_wrlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
}

NOIPA static void use_spin(int i)
{
	(void)i;
	pthread_spin_lock(&spin);
	pthread_spin_unlock(&spin);
}

NOIPA static void use_c11(int i)
{
	(void)i;
	mtx_lock(&c11);
	mtx_unlock(&c11);
}

NOIPA static void use_semaphore(int i)
{
	(void)i;
	sem_post(&semaphore);
	sem_wait(&semaphore);
}

static void measure(const char *name, void (*use)(int))
{
	double best = 1e9;

	for (int round = 0; round < ROUNDS; round++) {
		double start = now_ns(), each;

		for (int i = 0; i < CALLS; i++)
			use(i);
		each = (now_ns() - start) / CALLS;
		if (each < best)
			best = each;
	}
	printf("%-28s %6.2f ns\n", name, best);
}

/* One thread alone is a case of its own: libc then takes a mutex without an atomic operation. */
static void *idle(void *argument)
{
	pthread_mutex_lock(&parked);
	return argument;
}

static void bench_sync(void **state)
{
	pthread_t thread;

	(void)state;
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_init(&many[i], NULL);
	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	mtx_init(&c11, mtx_plain);
	sem_init(&semaphore, 0, 0);
	measure("mutex, no other thread", use_mutex);
	pthread_mutex_lock(&parked);
	pthread_create(&thread, NULL, idle, NULL);
	measure("mutex", use_mutex);
	measure("mutex, one of 1024", use_many);
	measure("rwlock, read", use_read);
	measure("rwlock, write", use_write);
	measure("spinlock", use_spin);
	measure("C11 mutex", use_c11);
	measure("semaphore, post and wait", use_semaphore);
	pthread_mutex_unlock(&parked);
	pthread_join(thread, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(bench_sync)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
