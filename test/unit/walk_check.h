/* SPDX-License-Identifier: MIT */
/* Walks beside the C library's backtrace(), which shares no code with ours: it is libgcc's
 * unwinder. */
#ifndef PPROFMK_TEST_WALK_CHECK_H
#define PPROFMK_TEST_WALK_CHECK_H

#include <dlfcn.h>
#include <inttypes.h>

#include "rt_double.h"
#include "runtime/unwind/unwind.h"
#include "sanitized.h"

#define WALK_MAX 2048

/* ThreadSanitizer calls handlers itself, some time after the signal. */
#define WALK_SIGNALS (!UNDER_TSAN)

struct walk_frames {
	size_t count;
	uintptr_t ip[WALK_MAX]; /* leaf first */
};

/* The frames of a node. */
static inline void walk_of_node(uint32_t node, struct walk_frames *walk)
{
	const struct rec_node *nodes = rt_table(NODES, struct rec_node);

	walk->count = 0;
	for (; node != 0 && walk->count < WALK_MAX; node = nodes[node].parent)
		walk->ip[walk->count++] = nodes[node].ip;
}

/* libc's own: a sanitizer's stands in front of it and adds a frame. */
static int (*walk_backtrace)(void **frames, int cap);

static inline void walk_open(void)
{
	void *libc = dlopen("libc.so.6", RTLD_NOW), *frames[4];

	walk_backtrace = (int (*)(void **, int))dlsym(libc, "backtrace");
	walk_backtrace(frames, 4); /* its first call loads libgcc_s */
}

static _Atomic unsigned walk_checked, walk_failed, walk_lost;
/* Where handlers of signals return to: frames beyond it are exact. Set by walk_note_handler(). */
static void *walk_trampoline;
static uintptr_t walk_root; /* outermost frame of the main thread */

static inline void walk_show(const struct walk_frames *ours, void *const *theirs, size_t count)
{
	if (atomic_fetch_add(&walk_failed, 1) >= 3)
		return;
	fprintf(stderr, "%zu frames, %zu expected\n", ours->count, count);
	for (size_t i = 0; i < ours->count || i < count; i++)
		fprintf(stderr, "  %#18" PRIxPTR " %#18" PRIxPTR "\n",
			i < ours->count ? ours->ip[i] : 0, i < count ? (uintptr_t)theirs[i] : 0);
}

/* Our walk ended at a rule that is known not to be followed. */
static inline bool walk_ends_lost(const struct walk_frames *ours)
{
	struct unwind_row row;

	return ours->count > 0 &&
	       unwind_row_of(unwind_modules_now(), ours->ip[ours->count - 1], &row) ==
		       UNWIND_LISTED &&
	       row.cfa == UNWIND_CFA_LOST;
}

/* Their walk ended at code that nothing describes (AArch64: linkage stubs), and ours went on to the root. */
static inline bool walk_goes_further(const struct walk_frames *ours, const void *theirs_last)
{
	struct unwind_row row;

	return unwind_row_of(unwind_modules_now(), (uintptr_t)theirs_last, &row) ==
		       UNWIND_UNKNOWN &&
	       ours->ip[ours->count - 1] == walk_root;
}

/* The start of a function, which nothing has called: the root of a coroutine. */
static inline bool walk_is_planted(uintptr_t address)
{
	struct unwind_row row;

	return unwind_row_of(unwind_modules_now(), address - 1, &row) == UNWIND_UNKNOWN &&
	       unwind_row_of(unwind_modules_now(), address, &row) != UNWIND_UNKNOWN;
}

/* Compare from frame `first` of theirs and `first_ours` of ours on. Counts; shows the first
 * failures. */
static inline void walk_compare(uint32_t node, size_t first_ours, void *const *theirs, size_t count,
				size_t first)
{
	struct walk_frames ours;
	size_t equal = first_ours;

	walk_of_node(node, &ours);
	atomic_fetch_add(&walk_checked, 1);
	for (size_t i = first; equal < ours.count && i < count; i++, equal++) {
		uintptr_t address = (uintptr_t)theirs[i];
		bool exact = (i > 0 && theirs[i - 1] == walk_trampoline) ||
			     (i == count - 1 && walk_is_planted(address));

		if (ours.ip[equal] != (exact ? address : address - 1))
			break;
	}
	if (equal > first_ours && equal == ours.count && equal - first_ours == count - first)
		return;
	if (equal > first_ours && equal == ours.count && walk_ends_lost(&ours))
		atomic_fetch_add(&walk_lost, 1);
	else if (equal > first_ours && equal - first_ours == count - first &&
		 walk_goes_further(&ours, theirs[count - 1]))
		return;
	else
		walk_show(&ours, theirs, count);
}

/* A callback: this stack, ours and theirs. The frame of this function itself is at two different
 * places. */
NOIPA static void walk_check_here(void *thread)
{
	static _Thread_local void *theirs[WALK_MAX];
	uint32_t node = stack_node(thread, stack_regs_here());
	int count = walk_backtrace(theirs, WALK_MAX);

	walk_compare(node, 1, theirs, (size_t)count, 1);
}

/* Beginning of a signal handler; its frames beyond the trampoline, ours from the interrupted
 * registers. */
#define walk_note_handler() (walk_trampoline = __builtin_return_address(0))

static inline void walk_check_interrupted(struct rt_thread *thread, const void *context)
{
	static _Thread_local void *theirs[WALK_MAX];
	uint32_t node = stack_node(thread, stack_regs_of_signal(context));
	size_t count = (size_t)walk_backtrace(theirs, WALK_MAX), first = 0;

	while (first < count && theirs[first] != walk_trampoline)
		first++;
	walk_compare(node, 0, theirs, count, first + 1);
}

/* Begin, in the main thread, and end of a test: all walks compared equal, and there were some. */
static inline void walk_begin(void)
{
	struct walk_frames walk;

	atomic_store(&walk_checked, 0);
	atomic_store(&walk_failed, 0);
	atomic_store(&walk_lost, 0);
	walk_of_node(stack_node(&rt_thread, stack_regs_here()), &walk);
	walk_root = walk.count > 0 ? walk.ip[walk.count - 1] : 0;
}

#define walk_assert_all_equal()                        \
	do {                                           \
		assert_int_not_equal(walk_checked, 0); \
		assert_int_equal(walk_failed, 0);      \
	} while (0)

#endif
