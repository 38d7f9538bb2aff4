/* SPDX-License-Identifier: MIT */
/* CPU_SIGNAL belongs to the clock while the program is recorded; the program's own use of it is emulated. */
#include <errno.h>
#include <stddef.h>

#include "runtime/cpu/cpu.h"

typedef int mask_fn(int, const sigset_t *, sigset_t *);
typedef int action_fn(int, const struct sigaction *, struct sigaction *);

static _Atomic bool is_owned;
static struct sigaction of_program; /* what the program believes to be installed */
static RT_TLS bool is_blocked_for_program;

/* Of which signals CPU_SIGNAL was added to the mask of the program's handler: bit number - 1. */
static _Atomic uint64_t masks_added;

/* A thread has had an alternate stack that is small. */
static _Atomic bool has_small_stack;

static action_fn *real_sigaction(void)
{
	static action_fn *_Atomic real;

	if (real == NULL)
		real = (action_fn *)rt_real("sigaction");
	return real;
}

static mask_fn *real_mask(void)
{
	static mask_fn *_Atomic real;

	if (real == NULL)
		real = (mask_fn *)rt_real("pthread_sigmask");
	return real;
}

static uint64_t bit_of(int number)
{
	return number >= 1 && number <= 64 ? UINT64_C(1) << (number - 1) : 0;
}

/* The kernel ends a program whose frame does not fit; what its handler needs beyond goes over the stack's end. */
static bool needs_our_mask(int number, const struct sigaction *action)
{
	return atomic_load(&has_small_stack) && action != NULL && bit_of(number) != 0 &&
	       (action->sa_flags & SA_ONSTACK) && action->sa_handler != SIG_DFL &&
	       action->sa_handler != SIG_IGN && sigismember(&action->sa_mask, CPU_SIGNAL) == 0;
}

/* Where stacks are small the program's handlers on them are not interrupted by us. What they take is no sample, and a clock that ticks meanwhile does so
 * behind them. */
static int change_action(int number, const struct sigaction *action, struct sigaction *old)
{
	bool is_added = needs_our_mask(number, action);
	bool was_added = atomic_load(&masks_added) & bit_of(number);
	bool is_changed = action != NULL;
	struct sigaction changed;
	int result;

	if (is_added) {
		changed = *action;
		sigaddset(&changed.sa_mask, CPU_SIGNAL);
		action = &changed;
	}
	result = real_sigaction()(number, action, old);
	if (result != 0)
		return result;
	if (is_added)
		atomic_fetch_or(&masks_added, bit_of(number));
	else if (is_changed)
		atomic_fetch_and(&masks_added, ~bit_of(number));
	if (old != NULL && was_added)
		sigdelset(&old->sa_mask, CPU_SIGNAL);
	return 0;
}

/* Those that were installed before. */
static void mask_handlers(void)
{
	struct sigaction action;

	for (int number = 1; number <= SIGRTMAX; number++)
		if (number != CPU_SIGNAL && real_sigaction()(number, NULL, &action) == 0 &&
		    needs_our_mask(number, &action))
			change_action(number, &action, NULL);
}

void cpu_signal_spare_stacks(void)
{
	if (!atomic_exchange(&has_small_stack, true) && atomic_load(&is_owned))
		mask_handlers();
}

/* A thread that may be cancelled at any instruction must not be in the middle of a handler: gperftools' has a lock there, which
 * would stay taken, and every thread that begins after would wait for it. glibc's signal for it is the first that it keeps from
 * programs, and sigaddset() refuses it. */
static void add_cancellation(sigset_t *set)
{
	set->__val[0] |= 1UL << (__SIGRTMIN - 1);
}

void cpu_signal_own(void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action = {.sa_sigaction = handler};
	sigset_t set;

	if (handler != NULL) {
		/* Not SA_ONSTACK: an alternate stack may be smaller than a signal's frame, and the program
		 * that set it up need never have used it. */
		action.sa_flags = SA_SIGINFO | SA_RESTART;
		sigemptyset(&action.sa_mask);
		add_cancellation(&action.sa_mask);
		real_sigaction()(CPU_SIGNAL, &action, &of_program);
	} else if (real_sigaction()(CPU_SIGNAL, NULL, &action) == 0) {
		add_cancellation(&action.sa_mask);
		real_sigaction()(CPU_SIGNAL, &action, NULL);
	}
	sigemptyset(&set);
	sigaddset(&set, CPU_SIGNAL);
	real_mask()(SIG_UNBLOCK, &set, NULL);
	mask_handlers();
	atomic_store(&is_owned, true);
}

void cpu_signal_admit(void)
{
	sigset_t set, before;

	sigemptyset(&set);
	sigaddset(&set, CPU_SIGNAL);
	if (real_mask()(SIG_UNBLOCK, &set, &before) == 0)
		is_blocked_for_program = sigismember(&before, CPU_SIGNAL) == 1;
}

void cpu_signal_forward(int number, siginfo_t *info, void *ucontext)
{
	if (is_blocked_for_program || of_program.sa_handler == SIG_IGN ||
	    of_program.sa_handler == SIG_DFL)
		return;
	if (of_program.sa_flags & SA_SIGINFO)
		of_program.sa_sigaction(number, info, ucontext);
	else
		of_program.sa_handler(number);
}

RT_EXPORT int sigaction(int number, const struct sigaction *restrict action,
			struct sigaction *restrict old)
{
	struct sigaction before = of_program;

	if (!atomic_load_explicit(&is_owned, memory_order_relaxed))
		return real_sigaction()(number, action, old);
	if (number != CPU_SIGNAL)
		return change_action(number, action, old);
	if (action != NULL)
		of_program = *action;
	if (old != NULL)
		*old = before;
	return 0;
}

RT_EXPORT sighandler_t signal(int number, sighandler_t handler)
{
	typedef sighandler_t signal_fn(int, sighandler_t);
	static signal_fn *_Atomic real;
	sighandler_t before = of_program.sa_handler;

	if (real == NULL)
		real = (signal_fn *)rt_real("signal");
	if (number != CPU_SIGNAL || !atomic_load_explicit(&is_owned, memory_order_relaxed))
		return real(number, handler);
	of_program = (struct sigaction){.sa_handler = handler, .sa_flags = SA_RESTART};
	return before;
}

static bool blocked_after(int how, bool is_in_set)
{
	if (how == SIG_SETMASK)
		return is_in_set;
	if (!is_in_set)
		return is_blocked_for_program;
	return how == SIG_BLOCK;
}

static int mask_change(mask_fn *real, int how, const sigset_t *set, sigset_t *old)
{
	bool was_blocked = is_blocked_for_program;
	sigset_t changed;
	int result;

	if (!atomic_load_explicit(&is_owned, memory_order_relaxed))
		return real(how, set, old);
	if (set != NULL) {
		changed = *set;
		sigdelset(&changed, CPU_SIGNAL);
	}
	result = real(how, set != NULL ? &changed : NULL, old);
	if (result != 0)
		return result;
	if (set != NULL)
		is_blocked_for_program = blocked_after(how, sigismember(set, CPU_SIGNAL) == 1);
	if (old != NULL && !was_blocked)
		sigdelset(old, CPU_SIGNAL);
	else if (old != NULL)
		sigaddset(old, CPU_SIGNAL);
	return 0;
}

RT_EXPORT int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	static mask_fn *_Atomic real;

	if (real == NULL)
		real = (mask_fn *)rt_real("sigprocmask");
	return mask_change(real, how, set, old);
}

RT_EXPORT int pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	return mask_change(real_mask(), how, set, old);
}
