/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/cpu/cpu_signal.c */
/* The mask of the handler of samples, as the kernel has it while one runs. */
#include <dlfcn.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/cpu/cpu.h"

void *rt_real(const char *symbol)
{
	return dlsym(RTLD_NEXT, symbol);
}

static volatile uint64_t blocked;

static uint64_t blocked_now(void)
{
	uint64_t mask = 0;

	syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, sizeof mask);
	return mask;
}

static void note_mask(int number, siginfo_t *info, void *ucontext)
{
	(void)number;
	(void)info;
	(void)ucontext;
	blocked = blocked_now();
}

static void assert_blocks_cancellation(void)
{
	const uint64_t cancellation = UINT64_C(1) << (__SIGRTMIN - 1);

	blocked = 0;
	raise(CPU_SIGNAL);
	assert_true(blocked & cancellation);
	assert_false(blocked_now() & cancellation);
}

static void test_cpu_signal_is_not_cancelled_in_our_handler(void **state)
{
	(void)state;
	cpu_signal_own(note_mask);
	assert_blocks_cancellation();
}

/* gperftools' is there before. */
static void test_cpu_signal_is_not_cancelled_in_anothers_handler(void **state)
{
	struct sigaction action = {.sa_sigaction = note_mask, .sa_flags = SA_SIGINFO};
	int (*real)(int, const struct sigaction *, struct sigaction *) =
		(int (*)(int, const struct sigaction *, struct sigaction *))rt_real("sigaction");

	(void)state;
	sigemptyset(&action.sa_mask);
	assert_int_equal(real(CPU_SIGNAL, &action, NULL), 0);
	cpu_signal_own(NULL);
	assert_blocks_cancellation();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cpu_signal_is_not_cancelled_in_our_handler),
		cmocka_unit_test(test_cpu_signal_is_not_cancelled_in_anothers_handler),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
