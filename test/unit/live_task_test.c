/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/live/live_task.c */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "asleep.h"
#include "runtime/live/live_task.h"

static void test_live_task_reads_where_a_thread_is(void **state)
{
	struct live_task in_call = {.where = "230 0x1 0x0 0x7f1 0x0 0x0 0x0 0x7ffd18 0x7f2a31\n"};
	struct live_task outside = {.where = "-1 0x7ffd18 0x7f2a31\n"};
	struct stack_regs regs;

	(void)state;
	assert_true(live_task_where(&in_call, &regs));
	assert_int_equal(regs.sp, 0x7ffd18);
	assert_int_equal(regs.pc, 0x7f2a31);
	assert_int_equal(regs.fp, 0);
	assert_true(live_task_where(&outside, &regs));
	assert_int_equal(regs.sp, 0x7ffd18);
	assert_int_equal(regs.pc, 0x7f2a31);
}

static void test_live_task_does_not_know_where_one_is_that_runs(void **state)
{
	static const struct live_task not_there[] = {
		{.where = "running\n"}, {.where = ""}, {.where = "-1 0x0 0x0\n"}};
	struct stack_regs regs;

	(void)state;
	for (size_t i = 0; i < sizeof not_there / sizeof *not_there; i++)
		assert_false(live_task_where(&not_there[i], &regs));
}

static _Atomic uint32_t tid;
static _Atomic uintptr_t frame;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *wait_for_lock(void *nothing)
{
	frame = (uintptr_t)__builtin_frame_address(0);
	pthread_setname_np(pthread_self(), "waits");
	tid = (uint32_t)syscall(SYS_gettid);
	pthread_mutex_lock(&lock);
	pthread_mutex_unlock(&lock);
	return nothing;
}

static void test_live_task_sees_that_a_thread_has_not_run(void **state)
{
	struct live_task first, second;
	struct stack_regs regs = {0};
	char name[16];
	pthread_t thread;

	(void)state;
	pthread_mutex_lock(&lock);
	assert_int_equal(pthread_create(&thread, NULL, wait_for_lock, NULL), 0);
	/* It waits soon, and then for as long as we have the lock. */
	while (tid == 0)
		nanosleep(&(struct timespec){0, 1000000}, NULL);
	await_asleep((pid_t)tid);
	assert_true(live_task_look(tid, &first));
	assert_true(live_task_look(tid, &second));
	assert_true(live_task_is_same(&first, &second));
	assert_true(live_task_where(&first, &regs));
	assert_true(regs.sp < frame && frame - regs.sp < 1 << 20);
	live_task_name(tid, name);
	assert_string_equal(name, "waits");
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
	/* The kernel takes its files away a little later. */
	for (int i = 0; i < 10000 && live_task_look(tid, &second); i++)
		nanosleep(&(struct timespec){0, 1000000}, NULL);
	assert_false(live_task_look(tid, &second));
	live_task_name(tid, name);
	assert_string_equal(name, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_live_task_reads_where_a_thread_is),
		cmocka_unit_test(test_live_task_does_not_know_where_one_is_that_runs),
		cmocka_unit_test(test_live_task_sees_that_a_thread_has_not_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
