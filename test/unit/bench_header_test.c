/* SPDX-License-Identifier: MIT */
/* links: tool */
/* The lines before the results. What compiled this program is known from the compiler itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/bench/bench_header.h"
#include "tool/bench/bench_producer.h"
#include "tool/common/memory.h"

static void test_bench_producer_of_this_program(void **state)
{
	char *compiler, *flags;

	(void)state;
	bench_producer_read("/proc/self/exe", &compiler, &flags);
	assert_non_null(compiler);
#ifdef __clang__
	assert_non_null(strstr(compiler, "clang version " __clang_version__) != NULL
				? compiler
				: strstr(compiler, "clang"));
#else
	/* "GNU C11 12.2.0" */
	assert_non_null(strstr(compiler, "GNU C11"));
	assert_non_null(strstr(compiler, __VERSION__));
	assert_non_null(flags);
	assert_non_null(strstr(flags, "-std=c11"));
	assert_int_equal(flags[0], '-');
#endif
	free(compiler);
	free(flags);
}

static void test_bench_producer_of_no_program(void **state)
{
	char *compiler, *flags;

	(void)state;
	bench_producer_read("/etc/passwd", &compiler, &flags);
	assert_null(compiler);
	assert_null(flags);
	bench_producer_read("/nowhere", &compiler, &flags);
	assert_null(compiler);
}

static void check_print(const struct bench_header *header, const struct bench_header *before,
			const char *expected)
{
	char text[512] = "";
	FILE *stream = fmemopen(text, sizeof text, "w");

	bench_header_print_new(stream, header, before);
	fclose(stream);
	assert_string_equal(text, expected);
}

static void test_bench_header_says_what_is_new(void **state)
{
	struct bench_header first = {.goos = "linux", .pkg = "a", .flags = "-O2", .commit = "12"};
	struct bench_header second = {.goos = "linux", .pkg = "b", .commit = "12"};

	(void)state;
	check_print(&first, NULL, "goos: linux\npkg: a\nflags: -O2\ncommit: 12\n");
	check_print(&first, &first, "");
	/* What no longer holds is taken back. */
	check_print(&second, &first, "pkg: b\nflags:\n");
}

static void test_bench_header_of_a_program(void **state)
{
	struct bench_header header;

	(void)state;
	bench_header_read(&header, "/proc/self/exe", NULL);
	assert_string_equal(header.goos, "linux");
	assert_string_equal(header.pkg, "exe");
	bench_header_free(&header);
	bench_header_read(&header, "/proc/self/exe", "lib/\ncodec");
	assert_string_equal(header.pkg, "lib/\\x0acodec");
	assert_null(header.commit); /* /proc is in no work tree */
	bench_header_free(&header);
}

static void test_memory_of_a_process_grows(void **state)
{
	enum { SIZE = 64 << 20 };
	uint64_t before = memory_resident(getpid());
	char *block = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_ptr_not_equal(block, MAP_FAILED);
	assert_true(before > 0);
	memset(block, 1, SIZE);
	/* The kernel keeps some of the count in each thread: not all of it is seen at once. TSan shadows each byte that is
	 * written by four. */
	assert_in_range(memory_resident(getpid()), before + SIZE / 2, before + SIZE * UINT64_C(6));
	munmap(block, SIZE);
	assert_int_equal(memory_resident(0x7ffffff0), 0);
}

static void test_memory_available_is_no_more_than_there_is(void **state)
{
	uint64_t all = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);

	(void)state;
	assert_in_range(memory_available(), 1 << 20, all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bench_producer_of_this_program),
		cmocka_unit_test(test_bench_producer_of_no_program),
		cmocka_unit_test(test_bench_header_says_what_is_new),
		cmocka_unit_test(test_bench_header_of_a_program),
		cmocka_unit_test(test_memory_of_a_process_grows),
		cmocka_unit_test(test_memory_available_is_no_more_than_there_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
