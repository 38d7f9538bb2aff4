/* SPDX-License-Identifier: MIT */
/* To be preloaded: a thread that does nothing. What a server of one thread pays for no longer being one, to the C library (cancellation points,
 * locks) and to the kernel, whatever the thread is for. */
#include <pthread.h>
#include <unistd.h>

static void *wait_on(void *unused)
{
	for (;;)
		pause();
	return unused;
}

__attribute__((constructor)) static void begin(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, wait_on, NULL);
}
