/* SPDX-License-Identifier: MIT */
/* Two threads that hand a turn to each other by a mutex and a condition, in a test: what a trace makes of its pace.
 *
 * Prints "hand_over_ns" and nanoseconds a hand-over. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

enum { TURNS = 100000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int turn;

static void play(int mine)
{
	for (unsigned i = 0; i < TURNS; i++) {
		pthread_mutex_lock(&mutex);
		while (turn != mine)
			pthread_cond_wait(&condition, &mutex);
		turn = !mine;
		pthread_cond_signal(&condition);
		pthread_mutex_unlock(&mutex);
	}
}

static void *other_main(void *argument)
{
	play(1);
	return argument;
}

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void test_hand_over(void **state)
{
	double start_ns = now_ns();
	pthread_t other;

	(void)state;
	assert_int_equal(0, pthread_create(&other, NULL, other_main, NULL));
	play(0);
	assert_int_equal(0, pthread_join(other, NULL));
	printf("hand_over_ns %.1f\n", (now_ns() - start_ns) / (2.0 * TURNS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_hand_over)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
