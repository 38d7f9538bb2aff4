/* SPDX-License-Identifier: MIT */
#include "runtime/usage.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/rt.h"

static uint64_t difference_ns(struct timeval now, struct timeval before)
{
	return (uint64_t)((now.tv_sec - before.tv_sec) * 1000000000LL +
			  (now.tv_usec - before.tv_usec) * 1000LL);
}

void usage_now(struct rusage *usage)
{
	syscall(SYS_getrusage, RUSAGE_SELF, usage);
}

void usage_note(const struct rusage *before)
{
	struct rusage now;

	usage_now(&now);
	rt_rec->state.user_ns = difference_ns(now.ru_utime, before->ru_utime);
	rt_rec->state.system_ns = difference_ns(now.ru_stime, before->ru_stime);
}
