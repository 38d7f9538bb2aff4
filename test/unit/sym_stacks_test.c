/* SPDX-License-Identifier: MIT */
/* The stacks of a running child. links: internal/tool/sym/sym*.c internal/base/xalloc.c */
/* clang-format off: cmocka.h needs these before it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tool/sym/sym_stacks.h"

static int ready;
static volatile bool for_ever = true; /* the compiler is to believe that functions return */

__attribute__((noinline)) static void wait_for_ever(void)
{
	char byte = 'r';

	if (write(ready, &byte, 1) != 1)
		_exit(1);
	while (for_ever)
		pause();
}

__attribute__((noinline)) static void worker_inner(void)
{
	wait_for_ever();
	__asm__ volatile(""); /* no tail call */
}

static void *worker(void *name)
{
	prctl(PR_SET_NAME, name);
	worker_inner();
	return NULL;
}

__attribute__((noinline)) static void recurse(unsigned depth)
{
	if (depth > 0)
		recurse(depth - 1);
	else
		wait_for_ever();
	__asm__ volatile("");
}

/* Two threads in pause(): the first one deep down. Returns when both are there. */
static pid_t start_child(unsigned depth)
{
	int ends[2];
	char bytes[2];
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		pthread_t thread;

		/* A test that fails does not come to end it. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		ready = ends[1];
		if (pthread_create(&thread, NULL, worker, "a worker") != 0)
			_exit(1);
		recurse(depth);
		_exit(0);
	}
	close(ends[1]);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(read(ends[0], &bytes[i], 1), 1);
	close(ends[0]);
	return pid;
}

static void end_child(pid_t pid)
{
	int status;

	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

/* The printed text; the caller frees it. NULL when this machine forbids ptrace. */
static char *print(pid_t pid)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int result = stacks_print(pid, out);

	fclose(out);
	if (result == -EPERM) {
		assert_non_null(strstr(text, "does not let us trace"));
		print_message("[  SKIPPED ] ptrace is forbidden here\n");
		free(text);
		return NULL;
	}
	assert_int_equal(result, 0);
	assert_non_null(text);
	return text;
}

static size_t count_of(const char *text, const char *word)
{
	size_t count = 0;

	while (text && (text = strstr(text, word))) {
		text += strlen(word);
		count++;
	}
	return count;
}

static void test_sym_stacks_of_two_threads(void **state)
{
	pid_t pid = start_child(3);
	char *text = print(pid), name[64];

	(void)state;
	end_child(pid);
	if (!text) {
		skip();
		return;
	}
	snprintf(name, sizeof(name), "thread %d (", (int)pid);
	assert_ptr_equal(strstr(text, name), text);
	/* ThreadSanitizer has a thread of its own. */
	assert_true(count_of(text, "\nthread ") >= 1);
	assert_non_null(strstr(text, "(a worker):\n    #0 0x"));
	assert_int_equal(count_of(text, " wait_for_ever "), 2);
	assert_int_equal(count_of(text, " worker_inner "), 1);
	assert_int_equal(count_of(text, " recurse "), 4);
	assert_int_equal(count_of(text, " main "), 1);
	assert_true(count_of(text, "sym_stacks_test.c:") >= 8);
	free(text);
}

static void test_sym_stacks_are_bounded(void **state)
{
	pid_t pid = start_child(500);
	char *text = print(pid);

	(void)state;
	end_child(pid);
	if (!text) {
		skip();
		return;
	}
	assert_int_equal(count_of(text, "... and more"), 1);
	assert_in_range(count_of(text, " recurse "), 50, 64);
	free(text);
}

static char state_of(pid_t pid)
{
	char path[64], text[256] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(text, sizeof(text), file));
	fclose(file);
	return strrchr(text, ')')[2];
}

/* It sleeps on, its memory of signals untouched: SIGTERM still ends it. */
static void test_sym_stacks_leaves_it_running(void **state)
{
	pid_t pid = start_child(0);
	char *text = print(pid);
	const struct timespec moment = {0, 1000000};
	int status;

	(void)state;
	/* The kernel takes a moment to let a traced thread go on. */
	for (int i = 0; i < 60000 && state_of(pid) != 'S'; i++)
		nanosleep(&moment, NULL);
	assert_int_equal(state_of(pid), 'S');
	assert_int_equal(kill(pid, SIGTERM), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
	free(text);
}

static void test_sym_stacks_no_such_process(void **state)
{
	FILE *out = tmpfile();
	pid_t pid = start_child(0);

	(void)state;
	end_child(pid);
	assert_int_equal(stacks_print(pid, out), -ESRCH);
	fclose(out);
}

/* Nobody may trace a thread of the own process. */
static void test_sym_stacks_says_when_refused(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int result = stacks_print(getpid(), out);

	(void)state;
	fclose(out);
	assert_int_equal(result, -EPERM);
	assert_non_null(strstr(text, "does not let us trace"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sym_stacks_of_two_threads),
		cmocka_unit_test(test_sym_stacks_are_bounded),
		cmocka_unit_test(test_sym_stacks_leaves_it_running),
		cmocka_unit_test(test_sym_stacks_no_such_process),
		cmocka_unit_test(test_sym_stacks_says_when_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
