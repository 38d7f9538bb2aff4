/* SPDX-License-Identifier: MIT */
/* Included by stack_test_arch.h only. */
#define STACK_ARCH_TESTS                                                   \
	cmocka_unit_test(test_stack_goes_through_undescribed_trampolines), \
		cmocka_unit_test(test_stack_equals_backtrace_at_every_instruction),

/* A trampoline that nothing describes, as other C libraries have. */
void bare_trampoline(void);
__asm__(".text\n.balign 16\nnop\nnop\nnop\nnop\n.type bare_trampoline, @function\n"
	".globl bare_trampoline\nbare_trampoline:\nmov $15, %rax\nsyscall\n.balign 16\n");

static void test_stack_goes_through_undescribed_trampolines(void **state)
{
	struct {
		void (*handler)(int, siginfo_t *, void *);
		unsigned long flags;
		void (*restorer)(void);
		unsigned long mask;
	} action = {on_signal, SA_SIGINFO | 0x04000000 /* SA_RESTORER */, bare_trampoline, 0};

	(void)state;
	if (!WALK_SIGNALS)
		skip();
	walk_begin();
	syscall(SYS_rt_sigaction, SIGUSR1, &action, NULL, sizeof action.mask);
	check_raised();
	walk_assert_all_equal();
	assert_ptr_equal(walk_trampoline, (void *)bare_trampoline);
}

static _Atomic unsigned steps;

static void on_step(int number, siginfo_t *info, void *context)
{
	ucontext_t *interrupted = context;

	(void)number;
	(void)info;
	walk_note_handler();
	if (atomic_fetch_add(&steps, 1) < 60000)
		walk_check_interrupted(&rt_thread, context);
	else
		interrupted->uc_mcontext.gregs[REG_EFL] &= ~0x100;
}

static void do_nothing(void *arg)
{
	(void)arg;
}

/* Stop at every instruction: prologues, epilogues, linkage stubs, the C library. */
static void test_stack_equals_backtrace_at_every_instruction(void **state)
{
	static const char *const builds[] = {"cc -O2 -fomit-frame-pointer", "cc -O0",
					     "cc -O2 -Wl,-z,lazy", "clang -O2 -mavx2"};

	(void)state;
	if (SANITIZED)
		skip(); /* it would be the sanitizer's instructions */
	walk_begin();
	for (size_t i = 0; i < sizeof builds / sizeof *builds; i++) {
		void *shapes = open_shapes(builds[i]);

		if (shapes == NULL)
			continue;
		atomic_store(&steps, 0);
		catch_with(on_step, SIGTRAP, 0);
		__asm__ volatile("pushfq\n\torl $0x100, (%%rsp)\n\tpopfq" : : : "memory", "cc");
		check_shapes(shapes, do_nothing, NULL);
		__asm__ volatile("pushfq\n\tandl $~0x100, (%%rsp)\n\tpopfq" : : : "memory", "cc");
		signal(SIGTRAP, SIG_DFL);
		close_shapes(shapes);
		assert_in_range(steps, 3000, UINT32_MAX);
	}
	assert_int_equal(walk_failed, 0);
	/* The dynamic linker keeps its frame's address in rbx while it binds a symbol at the first
	 * call: a register that is not followed. */
	assert_in_range(walk_lost, 1, walk_checked / 4);
}
