/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/unwind/stack*.c internal/runtime/unwind/unwind*.c */
/* What one call stack costs: stack_node() beside libunwind's unw_backtrace() and the C library's
 * backtrace(), at a depth of 15 frames, main's included, in code without frame pointers. Both
 * others are opened at run time: libunwind has functions of the same names as the C library, which
 * are not to stand in front of them.
 *
 *   stack_bench [FRAMES]
 *
 * Each line is the best of eleven rounds, in nanoseconds a call. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "../unit/rt_double.h"

typedef uint32_t take_stack(void);

typedef int backtrace_function(void **frames, int cap);

static volatile uint32_t sink;
static backtrace_function *unwind_backtrace, *libc_backtrace;

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

NOIPA static uint32_t ours(void)
{
	return stack_node(&rt_thread, stack_regs_here());
}

/* What is remembered is good for one stack: seen from another one it is nothing. */
NOIPA static uint32_t ours_bare(void)
{
	rt_thread.stack_high ^= sizeof(uintptr_t);
	return stack_node(&rt_thread, stack_regs_here());
}

NOIPA static uint32_t theirs_unwind(void)
{
	void *frames[128];

	return (uint32_t)unwind_backtrace(frames, 128);
}

NOIPA static uint32_t theirs_libc(void)
{
	void *frames[128];

	return (uint32_t)libc_backtrace(frames, 128);
}

NOIPA static void loop_same(take_stack *take, long calls)
{
	for (long i = 0; i < calls; i++)
		sink = take();
}

NOIPA static uint32_t leaf_a(take_stack *take)
{
	return take() + 1;
}

NOIPA static uint32_t leaf_b(take_stack *take)
{
	return take() + 2;
}

NOIPA static void loop_alternating(take_stack *take, long calls)
{
	for (long i = 0; i < calls; i += 2) {
		sink = leaf_a(take);
		sink = leaf_b(take);
	}
}

typedef void loop(take_stack *take, long calls);

NOIPA static void descend(int frames, loop *run, take_stack *take, long calls)
{
	if (frames > 0)
		descend(frames - 1, run, take, calls);
	else
		run(take, calls);
	sink++;
}

static void measure(const char *what, int frames, loop *run, take_stack *take, long calls)
{
	double best = 1e18, begin, end;

	descend(frames, run, take, calls / 10);
	for (int round = 0; round < 11; round++) {
		begin = now_ns();
		descend(frames, run, take, calls);
		end = now_ns();
		if (end - begin < best)
			best = end - begin;
	}
	printf("%-44s %8.1f ns\n", what, best / (double)calls);
}

static backtrace_function *find_peer(const char *library, const char *symbol)
{
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);

	return handle != NULL ? (backtrace_function *)dlsym(handle, symbol) : NULL;
}

int main(int argc, char **argv)
{
	int frames = argc > 1 ? atoi(argv[1]) : 15;
	/* main, the loop and the function that takes the stack are frames too; what lies outside
	 * of main is not counted */
	int below = frames > 4 ? frames - 4 : 0;
	uint64_t truncated;

	double_open(0);
	double_thread(&rt_thread);
	unwind_backtrace = find_peer("libunwind.so.8", "unw_backtrace");
	libc_backtrace = find_peer("libc.so.6", "backtrace");
	stack_init();
	printf("stacks of %d frames below main, best of 11 rounds\n", frames);
	measure("stack_node, same stack", below, loop_same, ours, 200000);
	measure("stack_node, alternating leaf", below, loop_alternating, ours, 200000);
	measure("stack_node, nothing remembered", below, loop_same, ours_bare, 50000);
	if (unwind_backtrace != NULL) {
		measure("unw_backtrace, same stack", below, loop_same, theirs_unwind, 50000);
		measure("unw_backtrace, alternating leaf", below, loop_alternating, theirs_unwind,
			50000);
	}
	if (libc_backtrace != NULL)
		measure("backtrace of the C library, same stack", below, loop_same, theirs_libc,
			2000);
	truncated = atomic_load(&rt_rec->state.stacks_truncated);
	printf("nodes %u, truncated %llu\n", atomic_load(&rt_rec->table[REC_NODES].len),
	       (unsigned long long)truncated);
	return truncated != 0;
}
