/* SPDX-License-Identifier: MIT */
/* The runtime's core for tests of the wrappers, which are part of the test program here: what it calls is wrapped.
 * A stack is a number that the test sets. Included by one file of a program. */
#ifndef PPROFMK_TEST_SYNC_DOUBLE_H
#define PPROFMK_TEST_SYNC_DOUBLE_H

#include <dlfcn.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "rt_double.h"
#include "runtime/sync/sync_real.h"

#define MS UINT64_C(1000000)

_Atomic bool rt_window, rt_waits;
_Atomic uint32_t rt_window_number;

/* The stack of whatever this thread does next; 0 is no stack. */
static _Thread_local uint32_t site = 1;

uint32_t stack_node(struct rt_thread *thread, struct stack_regs regs)
{
	(void)thread;
	return regs.pc != 0 ? site : 0;
}

size_t stack_memo_size(void)
{
	return 64;
}

struct rt_thread *rt_thread_self_slow(void)
{
	static _Atomic uint32_t count;

	double_thread(&rt_thread);
	rt_thread.index = atomic_fetch_add(&count, 1);
	return &rt_thread;
}

void *rt_real(const char *symbol)
{
	return dlsym(RTLD_NEXT, symbol);
}

uint64_t rt_clock_ns(int clock_id)
{
	struct timespec now;

	clock_gettime(clock_id, &now);
	return (uint64_t)now.tv_sec * 1000 * MS + (uint64_t)now.tv_nsec;
}

static void window_open(void)
{
	atomic_fetch_add(&rt_window_number, 1);
	atomic_store(&rt_window, true);
	atomic_store(&rt_waits, true);
}

static void window_close(void)
{
	atomic_store(&rt_window, false);
	atomic_store(&rt_waits, false);
}

/* What has been recorded at a site, over all threads. */
static struct rec_wait recorded(uint32_t at, enum rec_wait_kind kind, enum rec_wait_side side)
{
	const struct rec_wait *items = rt_table(WAITS, struct rec_wait);
	struct rec_wait sum = {.node = at, .kind = kind, .side = side};

	for (uint32_t i = 0; i < rt_rec->table[REC_WAITS].len; i++) {
		if (items[i].node != at || items[i].kind != kind || items[i].side != side)
			continue;
		sum.count += items[i].count;
		sum.delay_ns += items[i].delay_ns;
	}
	return sum;
}

/* All there is, of any kind. */
static uint64_t recorded_count(void)
{
	const struct rec_wait *items = rt_table(WAITS, struct rec_wait);
	uint64_t count = 0;

	for (uint32_t i = 0; i < rt_rec->table[REC_WAITS].len; i++)
		count += items[i].count;
	return count;
}

/* Time passes, unrecorded. */
static void pass(uint64_t ns)
{
	struct timespec time = {(time_t)(ns / (1000 * MS)), (long)(ns % (1000 * MS))};

	while (sync_real.nanosleep(&time, &time) != 0)
		;
}

static struct timespec deadline_in(clockid_t clock, uint64_t ns)
{
	struct timespec time;

	clock_gettime(clock, &time);
	ns += (uint64_t)time.tv_nsec;
	time.tv_sec += (time_t)(ns / (1000 * MS));
	time.tv_nsec = (long)(ns % (1000 * MS));
	return time;
}

#endif
