/* SPDX-License-Identifier: MIT */
/* links: internal/base/arena.c internal/base/set.c internal/base/utf8.c internal/base/xalloc.c
 * internal/format/gunzip.c internal/format/profile*.c internal/format/write_file.c */
/* Every allocation fails once, in a process of its own, while a profile is made, written and read. It ends with a message
 * or an error, never by a signal, and leaves no half file.
 *
 * The allocator's functions are defined here, in front of libc's; sanitizers bring their own, so that there is
 * nothing to sweep under them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "profile_example.h"
#include "sanitized.h"

static long countdown; /* the allocation that fails, counted from 1; 0: none */

#if !SANITIZED

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

static int fails(void)
{
	if (!countdown || --countdown)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	return fails() ? NULL : __libc_realloc(memory, size);
}

void *reallocarray(void *memory, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	return fails() ? NULL : __libc_realloc(memory, count * size);
}

#endif

static char *folder, *path;

static int make_folder(void **state)
{
	(void)state;
	folder = example_folder();
	return !folder || asprintf(&path, "%s/x.pb.gz", folder) < 0;
}

static int remove_folder(void **state)
{
	(void)state;
	example_clean(folder);
	free(path);
	return 0;
}

enum { SUCCEEDED = 0, OUT_OF_MEMORY = 1, REPORTED = 2, WRONG = 3 };

static int do_write(void)
{
	struct profile *profile = example_profile();
	int error = profile_write(profile, path);

	profile_free(profile);
	return error == -ENOMEM ? REPORTED : error ? WRONG : SUCCEEDED;
}

static int do_read(void)
{
	char error[256] = "";
	struct profile *profile = profile_read(path, error, sizeof(error));
	int result = profile  ? profile->sample_count == 2 ? SUCCEEDED : WRONG
		     : *error ? REPORTED
			      : WRONG;

	profile_free(profile);
	return result;
}

static int in_child(int (*work)(void), long which)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		int result;

		if (!freopen("/dev/null", "w", stderr))
			_exit(WRONG);
		countdown = which;
		result = work();
		/* Not reached: there were fewer allocations than that. */
		_exit(countdown ? 100 + result : result);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFEXITED(status))
		fail_msg("allocation %ld: ended by signal %d", which, WTERMSIG(status));
	return WEXITSTATUS(status);
}

/* Fail the first, the second, ... until there are no more. Returns how many there were. */
static long sweep(int (*work)(void), int files)
{
	for (long which = 1; which < 10000; which++) {
		int result = in_child(work, which);

		if (result >= 100) {
			assert_int_equal(result, 100 + SUCCEEDED);
			return which - 1;
		}
		assert_in_range(result, SUCCEEDED, REPORTED);
		/* What failed has left nothing; what went on all the same (zlib may) has written it whole. */
		assert_int_equal(example_count(folder), result == SUCCEEDED ? 1 : files);
		if (!files)
			unlink(path);
	}
	fail_msg("more than 10000 allocations");
	return 0;
}

static void skip_without_allocator(void)
{
#if SANITIZED
	print_message("a sanitizer has the allocator\n");
	skip();
#endif
}

static void test_memory_enough_of_it_succeeds(void **state)
{
	(void)state;
	assert_int_equal(in_child(do_write, 0), SUCCEEDED);
	assert_int_equal(in_child(do_read, 0), SUCCEEDED);
	assert_int_equal(unlink(path), 0);
}

static void test_memory_failures_while_writing(void **state)
{
	long count;

	(void)state;
	skip_without_allocator();
	count = sweep(do_write, 0);
	print_message("%ld allocations\n", count);
	assert_in_range(count, 20, 1000);
}

static void test_memory_failures_while_reading(void **state)
{
	long count;

	(void)state;
	skip_without_allocator();
	assert_int_equal(do_write(), SUCCEEDED);
	count = sweep(do_read, 1);
	print_message("%ld allocations\n", count);
	assert_in_range(count, 40, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory_enough_of_it_succeeds),
		cmocka_unit_test(test_memory_failures_while_writing),
		cmocka_unit_test(test_memory_failures_while_reading),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
