/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/unwind/stack*.c internal/runtime/unwind/unwind*.c */
/* Walks, with and without what the memo remembers, compared with the C library's. */
#include <dlfcn.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include <cmocka.h>

#include "test_arch.h"
#include "walk_check.h"

typedef void callback(void *arg);
typedef void shape(callback *call, void *arg);

static char folder[] = "/tmp/stack_test.XXXXXX";

/* Build walk_shapes.c with `flags`. NULL where the compiler is not there or does not know them. */
/* Leaves the library's path. False: this compiler has no such flags. */
static bool build_shapes(const char *compiler_flags, char path[64])
{
	char command[512];
	static int number;

	snprintf(path, 64, "%s/%d.so", folder, ++number);
	snprintf(command, sizeof command,
		 "test/unit/build_once.sh %s %s -w -shared -fPIC test/unit/walk_shapes.c "
		 "2>/dev/null",
		 path, compiler_flags);
	return system(command) == 0;
}

static void *load_shapes(const char *path)
{
	void *shapes = dlopen(path, RTLD_LAZY);

	unlink(path);
	stack_modules_changed();
	return shapes;
}

static void *open_shapes(const char *compiler_flags)
{
	char path[64];

	return build_shapes(compiler_flags, path) ? load_shapes(path) : NULL;
}

static void close_shapes(void *shapes)
{
	dlclose(shapes);
	stack_modules_changed();
}

static void call_shape(void *shapes, const char *name, callback *call, void *arg)
{
	shape *function = (shape *)dlsym(shapes, name);

	assert_non_null(function);
	function(call, arg);
}

static const char *const shape_names[] = {
	"shape_plain",		"shape_recursion", "shape_alloca",  "shape_aligned",
	"shape_aligned_alloca", "shape_large",	   "shape_varargs", "shape_many_arguments",
	"shape_sort",		"shape_vectors",
};

static void check_shapes(void *shapes, callback *call, void *arg)
{
	for (size_t i = 0; i < sizeof shape_names / sizeof *shape_names; i++)
		for (int again = 0; again < 2; again++)
			call_shape(shapes, shape_names[i], call, arg);
}

static void test_stack_equals_backtrace_whatever_built_it(void **state)
{
	static const char *const builds[] = {
		"cc -O0",
		"cc -O1",
		"cc -O2 -fomit-frame-pointer",
		"cc -O2 -fno-omit-frame-pointer",
		"cc -O3 -fomit-frame-pointer -mavx2",
		"cc -Os -fstack-protector-all",
		"clang -O0",
		"clang -O2 -fomit-frame-pointer",
		"clang -O3 -mavx2",
		"cc -O2 -mbranch-protection=standard", /* AArch64: signed return addresses */
		"clang -O2 -mbranch-protection=standard",
	};
	size_t built = 0;

	(void)state;
	walk_begin();
	for (size_t i = 0; i < sizeof builds / sizeof *builds; i++) {
		void *shapes = open_shapes(builds[i]);

		if (shapes == NULL)
			continue;
		built++;
		check_shapes(shapes, walk_check_here, &rt_thread);
		close_shapes(shapes);
	}
	assert_in_range(built, 3, sizeof builds / sizeof *builds);
	walk_assert_all_equal();
}

/* Other code at the same addresses: rows and frames of the old one must not be used. Nothing is mapped between a library's end and the
 * next one's beginning, so that addresses come again. */
static void test_stack_forgets_unloaded_code(void **state)
{
	char build[64], path[64];
	uintptr_t at, at_before = 0;
	void *shapes = NULL;
	bool met_again = false;

	(void)state;
	walk_begin();
	for (int i = 0; i < 8; i++) {
		snprintf(build, sizeof build, "cc -O2 -DFILLER=%d", 40 + 64 * i);
		assert_true(build_shapes(build, path));
		if (shapes != NULL)
			dlclose(shapes);
		shapes = load_shapes(path);
		assert_non_null(shapes);
		at = (uintptr_t)dlsym(shapes, "shape_plain");
		met_again = met_again || at == at_before;
		at_before = at;
		check_shapes(shapes, walk_check_here, &rt_thread);
	}
	close_shapes(shapes);
	walk_assert_all_equal();
	assert_true(met_again);
}

static void *thread_main(void *shapes)
{
	struct rt_thread thread;

	double_thread(&thread);
	for (int i = 0; i < 200; i++)
		check_shapes(shapes, walk_check_here, &thread);
	rt_unmap(thread.memo, stack_memo_size());
	return NULL;
}

static void test_stack_equals_backtrace_in_threads(void **state)
{
	void *shapes = open_shapes("cc -O2");
	pthread_t threads[3];

	(void)state;
	assert_non_null(shapes);
	walk_begin();
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, thread_main, shapes), 0);
	for (size_t i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	close_shapes(shapes);
	walk_assert_all_equal();
}

static void on_signal(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)info;
	walk_note_handler();
	walk_check_interrupted(&rt_thread, context);
	walk_check_here(&rt_thread); /* through the signal's frame */
}

static void catch_with(void (*handler)(int, siginfo_t *, void *), int number, int flags)
{
	struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};

	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

static void raise_signal(void *arg)
{
	(void)arg;
	raise(SIGUSR1);
}

/* With a handler of SIGUSR1 set; it is taken away again. */
static void check_raised(void)
{
	void *shapes = open_shapes("cc -O2");

	assert_non_null(shapes);
	check_shapes(shapes, raise_signal, NULL);
	signal(SIGUSR1, SIG_DFL);
	close_shapes(shapes);
}

static void test_stack_goes_through_signal_handlers(void **state)
{
	(void)state;
	if (!WALK_SIGNALS)
		skip();
	walk_begin();
	catch_with(on_signal, SIGUSR1, 0);
	check_raised();
	walk_assert_all_equal();
}

/* A signal stack above, below and among the frames that it interrupts. */
static void check_on_signal_stack(void *memory, size_t size)
{
	stack_t stack = {.ss_sp = memory, .ss_size = size}, old;

	assert_int_equal(sigaltstack(&stack, &old), 0);
	catch_with(on_signal, SIGUSR1, SA_ONSTACK);
	check_raised();
	sigaltstack(&old, NULL);
}

static void test_stack_goes_through_signal_stacks(void **state)
{
	char on_stack[200000] __attribute__((aligned(16)));
	void *elsewhere;

	(void)state;
	if (!WALK_SIGNALS)
		skip();
	elsewhere = rt_map(sizeof on_stack);
	walk_begin();
	check_on_signal_stack(elsewhere, sizeof on_stack);
	check_on_signal_stack(on_stack, sizeof on_stack);
	rt_unmap(elsewhere, sizeof on_stack);
	walk_assert_all_equal();
}

static ucontext_t coroutine, resumer;
static void *coroutine_shapes;

static void coroutine_main(void)
{
	for (;;) {
		check_shapes(coroutine_shapes, walk_check_here, &rt_thread);
		swapcontext(&coroutine, &resumer);
	}
}

/* The same frames at the same addresses as before, on memory that was unmapped meanwhile. */
static void test_stack_walks_coroutines(void **state)
{
	const size_t size = 256 * 1024;
	uint64_t truncated = rt_rec->state.stacks_truncated;

	(void)state;
	coroutine_shapes = open_shapes("cc -O2");
	assert_non_null(coroutine_shapes);
	walk_begin();
	for (int i = 0; i < 3; i++) {
		void *memory = rt_map(size);

		getcontext(&coroutine);
		coroutine.uc_stack = (stack_t){.ss_sp = memory, .ss_size = size};
		makecontext(&coroutine, coroutine_main, 0);
		swapcontext(&resumer, &coroutine);
		check_shapes(coroutine_shapes, walk_check_here, &rt_thread);
		rt_unmap(memory, size);
	}
	close_shapes(coroutine_shapes);
	assert_int_equal(rt_rec->state.stacks_truncated, truncated);
	walk_assert_all_equal();
}

static void forbid_copying(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_vm_readv, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof filter / sizeof *filter, filter};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		_exit(2);
}

/* Stacks that are not the thread's own, in a process that may not copy from itself; then words
 * that are not there. */
static void test_stack_walks_coroutines_without_copying(void **state)
{
	const uintptr_t missing = 4096;
	struct stack_regs regs = {(uintptr_t)walk_check_here, missing, missing, 0};
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		forbid_copying();
		test_stack_walks_coroutines(state);
		_exit(stack_node(&rt_thread, regs) != 0 ? 0 : 1);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* Rounds of a random test where sanitizers or an emulator make each ten times as slow. */
static int fewer(int rounds)
{
	return is_slowed() ? rounds / 10 : rounds;
}

static uint32_t random_state = 12345;

static uint32_t random_number(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

/* A random tree of calls, from three functions of different frames and several places in each. */
NOIPA static int wander_a(int depth);
NOIPA static int wander_b(int depth);
NOIPA static int wander_c(int depth);

static int wander(int depth)
{
	if (random_number() % 4 == 0)
		walk_check_here(&rt_thread);
	if (depth == 0)
		return 0;
	switch (random_number() % 6) {
	case 0:
		return wander_a(depth - 1) + 1;
	case 1:
		return wander_b(depth - 1) + 2;
	case 2:
		return wander_c(depth - 1) + 3;
	case 3:
		return wander_a(depth - 1) + wander_b(depth - 1);
	default:
		return 4;
	}
}

NOIPA static int wander_a(int depth)
{
	return wander(depth) + 1;
}

NOIPA static int wander_b(int depth)
{
	char memory[64] __attribute__((aligned(64)));

	__asm__ volatile("" : : "r"(memory) : "memory");
	return wander(depth) + wander(depth / 2);
}

NOIPA static int wander_c(int depth)
{
	char *memory = __builtin_alloca(random_number() % 3 * 32);

	__asm__ volatile("" : : "r"(memory) : "memory");
	return wander(depth) + wander(depth - depth / 4);
}

static void test_stack_memo_is_never_wrong(void **state)
{
	(void)state;
	walk_begin();
	for (int i = 0; i < fewer(1500); i++)
		wander(40);
	walk_assert_all_equal();
	assert_in_range(walk_checked, fewer(1500), UINT32_MAX);
}

static _Atomic unsigned ticks;

static void on_tick(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)info;
	walk_note_handler();
	atomic_fetch_add(&ticks, 1);
	walk_check_interrupted(&rt_thread, context);
}

static void tick_every_us(int period_us)
{
	struct itimerval timer = {{0, period_us}, {0, period_us}};

	setitimer(ITIMER_REAL, &timer, NULL);
}

static void walk_while_interrupted(int flags)
{
	atomic_store(&ticks, 0);
	catch_with(on_tick, SIGALRM, SA_RESTART | flags);
	tick_every_us(150);
	/* A machine whose timers are late takes longer. */
	for (int i = 0; (i < 100000 && ticks < 1000) || ticks < 100; i++) {
		struct walk_frames one, two;
		uint32_t node = 0;

		for (int j = 0; j < 100; j++)
			node = stack_node(&rt_thread, stack_regs_here());
		walk_of_node(node, &one);
		walk_of_node(stack_node(&rt_thread, stack_regs_here()), &two);
		assert_int_equal(one.count, two.count);
		assert_memory_equal(&one.ip[1], &two.ip[1], (one.count - 1) * sizeof one.ip[0]);
	}
	tick_every_us(0);
	signal(SIGALRM, SIG_DFL);
	assert_in_range(ticks, 100, UINT32_MAX);
}

/* The handler interrupts walks in the middle; both must come out right. On a signal stack in an
 * outer frame the handler's frames lie where frames lie that have returned. */
static void test_stack_walks_that_are_interrupted(void **state)
{
	char memory[200000] __attribute__((aligned(16)));
	stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory}, old;

	(void)state;
	if (SANITIZED)
		skip(); /* not safe in a handler that interrupts a sanitizer's own code */
	walk_begin();
	walk_while_interrupted(0);
	assert_int_equal(sigaltstack(&stack, &old), 0);
	walk_while_interrupted(SA_ONSTACK);
	sigaltstack(&old, NULL);
	walk_assert_all_equal();
}

static sigjmp_buf way_out;

static void on_tick_leave(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)info;
	(void)context;
	siglongjmp(way_out, 1);
}

NOIPA static void walk_until_left(int depth)
{
	if (depth > 0) {
		walk_until_left(depth - 1);
		return;
	}
	for (int i = 0; i < 100000000; i++)
		stack_node(&rt_thread, stack_regs_here());
}

/* Left in the middle of a walk, again and again: what follows is right, and fast again. */
static void test_stack_survives_being_left_by_longjmp(void **state)
{
	static volatile int left;

	(void)state;
	if (SANITIZED)
		skip(); /* the sanitizers do not expect frames to be left from a handler */
	walk_begin();
	catch_with(on_tick_leave, SIGALRM, SA_NODEFER);
	for (left = 0; left < 100; left++) {
		struct itimerval once = {{0, 0}, {0, 300 + left}};

		if (sigsetjmp(way_out, 1) == 0) {
			setitimer(ITIMER_REAL, &once, NULL);
			walk_until_left(left % 10);
		}
		walk_check_here(&rt_thread);
		wander(10);
	}
	signal(SIGALRM, SIG_DFL);
	walk_assert_all_equal();
}

#include "stack_test_arch.h"

NOIPA static uint32_t recurse_deep(int depth)
{
	uint32_t node;

	if (depth == 0)
		return stack_node(&rt_thread, stack_regs_here());
	node = recurse_deep(depth - 1);
	__asm__ volatile("" : "+r"(node));
	return node;
}

static void test_stack_cuts_deep_stacks_at_the_root(void **state)
{
	struct walk_frames walk;
	uint64_t truncated = rt_rec->state.stacks_truncated;

	(void)state;
	for (int i = 0; i < 3; i++) {
		walk_of_node(recurse_deep(STACK_MAX - 100), &walk);
		assert_in_range(walk.count, STACK_MAX - 100, STACK_MAX);
		assert_int_equal(rt_rec->state.stacks_truncated, truncated + (uint64_t)i);
		walk_of_node(recurse_deep(STACK_MAX + 1000), &walk);
		assert_int_equal(walk.count, STACK_MAX);
		assert_int_equal(rt_rec->state.stacks_truncated, truncated + (uint64_t)i + 1);
		for (size_t frame = 2; frame < walk.count; frame++)
			assert_int_equal(walk.ip[frame], walk.ip[1]);
	}
}

/* Return addresses whose rows are of every kind, so many of each. */
#define ADDRESSES 64

struct addresses {
	size_t count[UNWIND_CFA_PLT + 1];
	uintptr_t ip[UNWIND_CFA_PLT + 1][ADDRESSES];
};

static void collect_addresses(struct addresses *addresses)
{
	const struct unwind_modules *modules = unwind_modules_now();

	memset(addresses, 0, sizeof *addresses);
	for (int i = 0; i < 300000; i++) {
		const struct unwind_module *module =
			&modules->module[random_number() % modules->count];
		uintptr_t ip = module->start + random_number() % (module->end - module->start);
		struct unwind_row row;

		if (unwind_row_of(modules, ip, &row) != UNWIND_LISTED || row.cfa_words > 12 ||
		    row.fp_words < -16 || addresses->count[row.cfa] == ADDRESSES)
			continue;
		addresses->ip[row.cfa][addresses->count[row.cfa]++] = ip;
	}
}

/* Every kind of row, mostly those that lead to another frame through sp or fp. */
static uintptr_t random_address(const struct addresses *addresses)
{
	static const uint8_t often[] = {UNWIND_CFA_SP, UNWIND_CFA_SP, UNWIND_CFA_FP,
					UNWIND_CFA_FP_DEREF};
	unsigned kind = often[random_number() % 4];

	if (random_number() % 4 == 0)
		kind = random_number() % (UNWIND_CFA_PLT + 1);
	if (addresses->count[kind] == 0)
		kind = UNWIND_CFA_SP;
	return addresses->ip[kind][random_number() % addresses->count[kind]];
}

/* A made-up stack. Words that point into it point between its margins, which are zero, so that a
 * walk ends before it comes to the test's own variables. */
#define FAKE_WORDS  256
#define FAKE_MARGIN 32

static uintptr_t random_place(const uintptr_t *words)
{
	return (uintptr_t)&words[FAKE_MARGIN + random_number() % (FAKE_WORDS - 2 * FAKE_MARGIN)];
}

static uintptr_t random_word(const struct addresses *addresses, const uintptr_t *words)
{
	switch (random_number() % 16) {
	case 0:
		return random_number() % 4 == 0 ? 0 : random_number();
	case 1:
	case 2:
	case 3:
	case 4:
	case 5:
		return random_place(words);
	default:
		return random_address(addresses) + 1;
	}
}

static void change_registers(const struct addresses *addresses, const uintptr_t *words,
			     struct stack_regs *regs)
{
	switch (random_number() % 8) {
	case 0:
		regs->pc = random_address(addresses);
		break;
	case 1:
		regs->sp = random_place(words);
		break;
	case 2:
	case 3:
		regs->fp = random_word(addresses, words);
		break;
	case 4:
		regs->lr = random_word(addresses, words);
		break;
	default:
		break;
	}
}

static struct stack_regs make_stack(const struct addresses *addresses, uintptr_t *words)
{
	for (int i = FAKE_MARGIN; i < FAKE_WORDS - FAKE_MARGIN; i++)
		words[i] = random_word(addresses, words);
	return (struct stack_regs){random_address(addresses), (uintptr_t)&words[FAKE_MARGIN],
				   (uintptr_t)&words[FAKE_MARGIN + 8], 0};
}

/* A walk by a thread that remembers nothing, and how many stacks it counted as truncated. */
static uint32_t walk_afresh(struct stack_regs regs, uint64_t *truncated)
{
	struct rt_thread thread = rt_thread;
	uint64_t before = rt_rec->state.stacks_truncated;
	uint32_t node;

	thread.memo = rt_map(stack_memo_size());
	node = stack_node(&thread, regs);
	*truncated = rt_rec->state.stacks_truncated - before;
	rt_unmap(thread.memo, stack_memo_size());
	return node;
}

/* Stacks that no compiler makes: each word and register may change alone, as it never does in a
 * real program, and the memo has to notice. */
static void test_stack_memo_notices_each_change(void **state)
{
	static struct addresses addresses;
	uintptr_t words[FAKE_WORDS] = {0};
	struct stack_regs regs;
	size_t deep = 0, kinds = 0;
	void *shapes = open_shapes("cc -O0");

	(void)state;
	collect_addresses(&addresses);
	for (size_t i = 0; i <= UNWIND_CFA_PLT; i++)
		kinds += addresses.count[i] > 0;
	assert_in_range(kinds, ARCH_ROW_KINDS, UNWIND_CFA_PLT + 1);
	/* Under a sanitizer addresses are others each time, and so is how many of the stacks are deep: until there are enough. */
	for (int round = 0; round < fewer(40000) || (round < 40000 && deep < (size_t)fewer(1600));
	     round++) {
		uint64_t before, counted, truncated;
		struct walk_frames walk;
		uint32_t node, expected;

		if (round % 32 == 0)
			regs = make_stack(&addresses, words);
		else if (random_number() % 2 == 0)
			words[FAKE_MARGIN + random_number() % 32] = random_word(&addresses, words);
		change_registers(&addresses, words, &regs);
		__asm__ volatile("" : : "r"(words) : "memory");
		expected = walk_afresh(regs, &truncated);
		before = rt_rec->state.stacks_truncated;
		node = stack_node(&rt_thread, regs);
		counted = rt_rec->state.stacks_truncated - before;
		assert_int_equal(node, expected);
		assert_int_equal(counted, truncated);
		walk_of_node(node, &walk);
		deep += walk.count >= 4;
	}
	assert_in_range(deep, fewer(1600), SIZE_MAX);
	close_shapes(shapes);
}

/* Anything in the registers, anything on the stack: no crash, no endless walk. */
static void test_stack_survives_garbage(void **state)
{
	static uintptr_t words[4096];
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	uintptr_t some[] = {0,
			    8,
			    here,
			    here + 64,
			    here - 4096,
			    (uintptr_t)words,
			    (uintptr_t)words + 512,
			    (uintptr_t)qsort,
			    (uintptr_t)open_shapes,
			    UINTPTR_MAX,
			    UINTPTR_MAX - 7,
			    rt_thread.stack_high,
			    rt_thread.stack_high - 8,
			    rt_thread.stack_low,
			    0x1000};
	const struct unwind_modules *modules = unwind_modules_now();
	const int rounds = is_emulated() ? 6000 : 60000;

	(void)state;
	for (int round = 0; round < rounds; round++) {
		const struct unwind_module *module =
			&modules->module[random_number() % modules->count];
		struct stack_regs regs;
		uintptr_t *target[] = {&regs.pc, &regs.sp, &regs.fp, &regs.lr};

		for (size_t i = 0; i < 4; i++)
			*target[i] = some[random_number() % (sizeof some / sizeof *some)] +
				     (random_number() % 4 == 0 ? random_number() % 256 : 0);
		if (random_number() % 8 != 0)
			regs.pc = module->start + random_number() % (module->end - module->start);
		for (int i = 0; i < 16; i++)
			words[random_number() % 4096] =
				random_number() % 2
					? some[random_number() % (sizeof some / sizeof *some)]
					: module->start +
						  random_number() % (module->end - module->start);
		stack_node(&rt_thread, regs);
	}
	walk_begin();
	walk_check_here(&rt_thread);
	walk_assert_all_equal();
}

static int set_up_group(void **state)
{
	(void)state;
	walk_open();
	double_open(0);
	double_thread(&rt_thread);
	stack_init();
	return mkdtemp(folder) == NULL;
}

static int tear_down_group(void **state)
{
	(void)state;
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stack_equals_backtrace_whatever_built_it),
		cmocka_unit_test(test_stack_forgets_unloaded_code),
		cmocka_unit_test(test_stack_equals_backtrace_in_threads),
		cmocka_unit_test(test_stack_goes_through_signal_handlers),
		cmocka_unit_test(test_stack_goes_through_signal_stacks),
		cmocka_unit_test(test_stack_walks_coroutines),
		cmocka_unit_test(test_stack_walks_coroutines_without_copying),
		cmocka_unit_test(test_stack_memo_is_never_wrong),
		cmocka_unit_test(test_stack_memo_notices_each_change),
		cmocka_unit_test(test_stack_walks_that_are_interrupted),
		cmocka_unit_test(test_stack_survives_being_left_by_longjmp),
		STACK_ARCH_TESTS cmocka_unit_test(test_stack_cuts_deep_stacks_at_the_root),
		cmocka_unit_test(test_stack_survives_garbage),
	};

	return cmocka_run_group_tests(tests, set_up_group, tear_down_group);
}
