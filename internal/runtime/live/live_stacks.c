/* SPDX-License-Identifier: MIT */
#include "runtime/live/live_stacks.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "runtime/live/live_clocks.h"
#include "runtime/live/live_snapshot.h"
#include "runtime/live/live_task.h"
#include "runtime/rt.h"
#include "runtime/thread.h"
#include "runtime/trace/trace_threads.h"
#include "runtime/unwind/stack.h"

/* Threads beyond are left out. */
enum { TARGET_CAP = 1 << 14 };

/* User mode that a thread gets through before its clock ticks: as little as the kernel does (10 us). */
#define TICK_NS UINT64_C(10000)

#define PASS_NS UINT64_C(1000000)

struct target {
	uint32_t tid;
	_Atomic int clock; /* descriptor, -1: none */
	_Atomic uint32_t node;
	bool has_ended;
};

/* Mapped once, and never given back: a handler may be late. */
static struct target *targets;
static struct rec_thread *threads;
static struct rec_sample *samples;
static struct stack_memo *room;
static uint32_t count;
static atomic_flag is_busy = ATOMIC_FLAG_INIT;
static _Atomic bool is_open; /* clocks may be there */

static bool prepare(void)
{
	if (targets == NULL)
		targets = rt_map(TARGET_CAP * sizeof *targets);
	if (threads == NULL)
		threads = rt_map(TARGET_CAP * sizeof *threads);
	if (samples == NULL)
		samples = rt_map(TARGET_CAP * sizeof *samples);
	if (room == NULL)
		room = rt_map(stack_memo_size());
	return targets != NULL && threads != NULL && samples != NULL && room != NULL;
}

static void add(uint32_t tid)
{
	struct target *target = &targets[count];

	if (thread_is_own(tid) || count == TARGET_CAP)
		return;
	target->tid = tid;
	target->has_ended = false;
	atomic_store(&target->node, 0);
	atomic_store(&target->clock, -1);
	live_task_name(tid, threads[count].name);
	threads[count++].tid = tid;
}

/* The stack of a thread that waits, 0: there is none, or not all of it and nothing better. */
static uint32_t walk(uint32_t tid, struct stack_regs regs)
{
	bool is_whole, is_better;
	uint32_t node = stack_node_elsewhere(room, regs, &is_whole), other;
	struct stack_regs wrapper;

	/* Of a wait that the thread has left by a jump the frame lies below. */
	if ((node != 0 && is_whole) || !thread_waits_at(tid, &wrapper) || wrapper.sp < regs.sp)
		return node;
	other = stack_node_elsewhere(room, wrapper, &is_better);
	return other != 0 ? other : node;
}

/* Where the kernel does not say where a thread is, that it is in a wrapper does. */
static uint32_t walk_unknown(uint32_t tid)
{
	struct stack_regs wrapper;
	bool is_whole;

	return thread_waits_at(tid, &wrapper) ? stack_node_elsewhere(room, wrapper, &is_whole) : 0;
}

/* True: it has its stack, or has ended. */
static bool take_waiting(struct target *target)
{
	struct live_task before, after;
	struct stack_regs regs;
	uint32_t node = 0;

	if (!live_task_look(target->tid, &before)) {
		target->has_ended = true;
		return true;
	}
	if (live_task_where(&before, &regs))
		node = walk(target->tid, regs);
	else if (before.where[0] == '\0')
		node = walk_unknown(target->tid);
	if (node == 0 || !live_task_look(target->tid, &after) ||
	    !live_task_is_same(&before, &after))
		return false;
	atomic_store(&target->node, node);
	return true;
}

static void ask_running(struct target *target)
{
	if (atomic_load(&target->clock) < 0)
		live_clock_once(target->tid, TICK_NS, &target->clock);
}

/* How many have no stack yet. */
static uint32_t pass_over(void)
{
	uint32_t left = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct target *target = &targets[i];

		if (atomic_load(&target->node) != 0 || target->has_ended || take_waiting(target))
			continue;
		ask_running(target);
		left++;
	}
	return left;
}

static void close_clocks(void)
{
	for (uint32_t i = 0; i < count; i++) {
		int fd = atomic_exchange(&targets[i].clock, -1);

		if (fd >= 0)
			syscall(SYS_close, fd);
	}
}

/* Those that have ended are nobody's. */
static uint32_t collect(void)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t node = atomic_load(&targets[i].node);

		if (node == 0 && targets[i].has_ended)
			continue;
		threads[kept] = threads[i];
		samples[kept] = (struct rec_sample){.thread = kept, .node = node};
		kept++;
	}
	return kept;
}

static int take(unsigned patience_ms)
{
	struct timespec time = {0, (long)PASS_NS};
	uint64_t until_ns = rt_now_ns() + patience_ms * UINT64_C(1000000);

	if (!prepare())
		return -ENOMEM;
	count = 0;
	trace_threads_each(add);
	atomic_store(&is_open, true);
	while (pass_over() != 0 && rt_now_ns() < until_ns)
		syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &time, NULL);
	close_clocks();
	atomic_store(&is_open, false);
	return live_snapshot_of(threads, samples, collect());
}

int live_stacks(unsigned patience_ms)
{
	int result;

	if (atomic_flag_test_and_set(&is_busy))
		return -EBUSY;
	result = take(patience_ms);
	atomic_flag_clear(&is_busy);
	return result;
}

/* By descriptor: the cpu profile's clocks have others in the same table. */
bool live_stacks_sample(const siginfo_t *info, const void *ucontext)
{
	const struct rt_thread *thread;
	uint32_t tid;

	if (!atomic_load_explicit(&is_open, memory_order_relaxed) || info->si_code == SI_TIMER)
		return false;
	tid = (uint32_t)syscall(SYS_gettid);
	for (uint32_t i = 0; i < count; i++) {
		if (targets[i].tid != tid || atomic_load(&targets[i].clock) != info->si_fd)
			continue;
		thread = rt_thread_self_in_handler();
		if (thread->ready && atomic_load(&targets[i].node) == 0)
			atomic_store(&targets[i].node,
				     stack_node(&rt_thread, stack_regs_of_signal(ucontext)));
		return true;
	}
	return false;
}
