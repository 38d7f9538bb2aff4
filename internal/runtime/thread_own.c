/* SPDX-License-Identifier: MIT */
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/thread.h"

/* At a time: the endpoint's, and those that take samples and chunks of events. */
enum { OWN_CAP = 64 };

static _Atomic uint32_t own[OWN_CAP]; /* tids, 0: free */
static _Atomic int used;	      /* no slot from there on has ever been taken */

static void note_used(int count)
{
	int known = atomic_load(&used);

	while (known < count && !atomic_compare_exchange_weak(&used, &known, count))
		;
}

void thread_own_begin(void)
{
	uint32_t tid = (uint32_t)syscall(SYS_gettid);

	rt_thread.guard++;
	for (int i = 0; i < OWN_CAP; i++) {
		uint32_t nobody = 0;

		if (atomic_compare_exchange_strong(&own[i], &nobody, tid)) {
			note_used(i + 1);
			return;
		}
	}
}

void thread_own_end(void)
{
	uint32_t tid = (uint32_t)syscall(SYS_gettid);

	for (int i = 0; i < OWN_CAP; i++) {
		uint32_t found = tid;

		atomic_compare_exchange_strong(&own[i], &found, 0);
	}
}

bool thread_is_own(uint32_t tid)
{
	int count = atomic_load_explicit(&used, memory_order_relaxed);

	for (int i = 0; i < count; i++)
		if (atomic_load_explicit(&own[i], memory_order_relaxed) == tid)
			return true;
	return false;
}
