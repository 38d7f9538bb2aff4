/* SPDX-License-Identifier: MIT */
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/thread.h"

enum { OWN_CAP = 64 }; /* of the endpoint: its connections and what it waits with */

static _Atomic uint32_t own[OWN_CAP]; /* tids, 0: free */

void thread_own_begin(void)
{
	uint32_t tid = (uint32_t)syscall(SYS_gettid);

	rt_thread.guard++;
	for (int i = 0; i < OWN_CAP; i++) {
		uint32_t nobody = 0;

		if (atomic_compare_exchange_strong(&own[i], &nobody, tid))
			return;
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
	for (int i = 0; i < OWN_CAP; i++)
		if (atomic_load_explicit(&own[i], memory_order_relaxed) == tid)
			return true;
	return false;
}
