/* SPDX-License-Identifier: MIT */
/* links: internal/base/xalloc.c internal/tool/bench/bench_text.c */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/bench/bench_text.h"

static struct bench_text read_text(const char *bytes)
{
	struct bench_text text = {0};

	bench_text_parse(&text, bytes, strlen(bytes));
	return text;
}

static void check_value(const struct bench_text *text, size_t at, const char *name,
			const char *unit, double value)
{
	assert_true(at < text->count);
	assert_string_equal(text->values[at].name, name);
	assert_string_equal(text->values[at].unit, unit);
	if (text->values[at].value != value)
		fail_msg("%.17g, expected %.17g", text->values[at].value, value);
}

/* The example of the format's specification (golang/proposal, design/14313-benchmark-format.md). */
static void test_text_example_of_the_specification(void **state)
{
	struct bench_text text =
		read_text("commit: 7cd9055\n"
			  "commit-time: 2016-02-11T13:25:45-0500\n"
			  "goos: darwin\n"
			  "goarch: amd64\n"
			  "cpu: Intel(R) Core(TM) i7-4980HQ CPU @ 2.80GHz\n"
			  "cpu-count: 8\n"
			  "runtime: go1.4\n"
			  "BenchmarkDecodeDigitsSpeed1e4-8   100      154125 ns/op   64.88 MB/s   "
			  "40418 B/op     7 allocs/op\n"
			  "BenchmarkDecodeDigitsSpeed1e5-8    10     1367632 ns/op    73.12 MB/s\n"
			  "PASS\n"
			  "ok  \tcompress/flate\t1.5s\n");

	(void)state;
	assert_int_equal(text.lines, 2);
	assert_int_equal(text.count, 6);
	assert_int_equal(text.bad, 0);
	check_value(&text, 0, "BenchmarkDecodeDigitsSpeed1e4-8", "ns/op", 154125);
	check_value(&text, 1, "BenchmarkDecodeDigitsSpeed1e4-8", "MB/s", 64.88);
	check_value(&text, 3, "BenchmarkDecodeDigitsSpeed1e4-8", "allocs/op", 7);
	check_value(&text, 5, "BenchmarkDecodeDigitsSpeed1e5-8", "MB/s", 73.12);
	assert_int_equal(text.values[5].line, 1);
	assert_string_equal(text.config[BENCH_TEXT_COMMIT].value, "7cd9055");
	assert_string_equal(text.config[BENCH_TEXT_CPU].value,
			    "Intel(R) Core(TM) i7-4980HQ CPU @ 2.80GHz");
	assert_string_equal(text.config[BENCH_TEXT_FLAGS].value, "");
	bench_text_free(&text);
}

static void test_text_repeated_names_are_runs(void **state)
{
	struct bench_text text = read_text("BenchmarkA 1 5 ns/op\nBenchmarkB 1 7 ns/op\n"
					   "BenchmarkA 1 6 ns/op\n");

	(void)state;
	check_value(&text, 0, "BenchmarkA", "ns/op", 5);
	check_value(&text, 2, "BenchmarkA", "ns/op", 6);
	assert_int_equal(text.values[2].line, 2);
	bench_text_free(&text);
}

static void test_text_config_holds_until_it_changes(void **state)
{
	struct bench_text text = read_text("pkg: one\ncpu: X\nBenchmarkA 1 5 ns/op\npkg: two\n"
					   "BenchmarkB 1 7 ns/op\npkg:\nBenchmarkC 1 8 ns/op\n"
					   "cpu: Y\n");

	(void)state;
	assert_string_equal(text.values[0].package, "one");
	assert_string_equal(text.values[1].package, "two");
	assert_string_equal(text.values[2].package, "");
	assert_true(text.config[BENCH_TEXT_PKG].varies);
	assert_string_equal(text.config[BENCH_TEXT_PKG].value, "one");
	/* No result is of Y. */
	assert_false(text.config[BENCH_TEXT_CPU].varies);
	bench_text_free(&text);
}

static void test_text_ends_of_lines(void **state)
{
	struct bench_text text = read_text("cpu: X \t\r\nBenchmarkA\t1\t5 ns/op\r\n\r\n"
					   "BenchmarkB 1 6 ns/op");

	(void)state;
	assert_int_equal(text.lines, 2);
	assert_string_equal(text.config[BENCH_TEXT_CPU].value, "X");
	check_value(&text, 0, "BenchmarkA", "ns/op", 5);
	check_value(&text, 1, "BenchmarkB", "ns/op", 6);
	bench_text_free(&text);
}

static void test_text_other_lines_are_passed_over(void **state)
{
	struct bench_text text = read_text(
		"# a note: of ours\nBenchmarking is fun 1 2\n=== RUN   BenchmarkA\nBenchmarkA\n"
		"BenchmarkA-2  \n--- FAIL: BenchmarkB\n Benchmark 1 2 ns/op\nPASS\n\n"
		"Cpu: no\nkey with space: no\ncpu:no\n[  PASSED  ] 1 test(s).\n"
		"BenchmarkA 1 5 ns/op\n");

	(void)state;
	assert_int_equal(text.lines, 1);
	assert_int_equal(text.bad, 0);
	assert_string_equal(text.config[BENCH_TEXT_CPU].value, "");
	bench_text_free(&text);
}

static void check_bad(const char *line)
{
	char *bytes;
	struct bench_text text;

	assert_true(asprintf(&bytes, "BenchmarkA 1 5 ns/op\n%s\nBenchmarkB 1 6 ns/op\n", line) > 0);
	text = read_text(bytes);
	if (text.bad != 1 || text.lines != 2 || text.count != 2 || text.bad_line != 2)
		fail_msg("%s: %zu bad, %zu good, line %zu", line, text.bad, text.lines,
			 text.bad_line);
	assert_non_null(text.bad_reason);
	bench_text_free(&text);
	free(bytes);
}

static void test_text_damaged_lines_are_counted(void **state)
{
	(void)state;
	check_bad("BenchmarkC x 5 ns/op");
	check_bad("BenchmarkC -1 5 ns/op");
	check_bad("BenchmarkC 1.5 5 ns/op");
	check_bad("BenchmarkC 1");
	check_bad("BenchmarkC 1 5");
	check_bad("BenchmarkC 1 5 ns/op 6");
	check_bad("BenchmarkC 1 five ns/op");
	check_bad("BenchmarkC 1 NaN ns/op");
	check_bad("BenchmarkC 1 1e999 ns/op");
	check_bad("BenchmarkC 1 5 ns/op 5,5 MB/s");
}

static void test_text_numbers(void **state)
{
	struct bench_text text =
		read_text("BenchmarkA 1 0 ns/op -1.5 x 1e3 y 0.0000001 z 18446744073709551615 w\n");

	(void)state;
	check_value(&text, 0, "BenchmarkA", "ns/op", 0);
	check_value(&text, 1, "BenchmarkA", "x", -1.5);
	check_value(&text, 2, "BenchmarkA", "y", 1000);
	check_value(&text, 3, "BenchmarkA", "z", 1e-7);
	check_value(&text, 4, "BenchmarkA", "w", 18446744073709551616.0);
	bench_text_free(&text);
}

static void test_text_units_say_what_is_better(void **state)
{
	struct bench_text text = read_text("Unit widgets better=higher assume=exact\n"
					   "Unit ns/op better=lower other=thing\nUnit\nUnit x\n"
					   "Unit widgets assume=nothing\nUnits y better=lower\n");

	(void)state;
	assert_int_equal(text.unit_count, 3);
	assert_string_equal(text.units[0].unit, "widgets");
	assert_int_equal(text.units[0].better, BENCH_BETTER_HIGHER);
	assert_false(text.units[0].is_exact);
	assert_int_equal(text.units[1].better, BENCH_BETTER_LOWER);
	assert_int_equal(text.units[2].better, BENCH_BETTER_UNKNOWN);
	bench_text_free(&text);
}

static void test_text_zero_bytes_spoil_their_line_only(void **state)
{
	static const char bytes[] = "BenchmarkA 1 5 ns/op\nBenchmarkB 1 \0 6 ns/op\n\0\n"
				    "BenchmarkC 1 7 ns/op\n";
	struct bench_text text = {0};

	(void)state;
	bench_text_parse(&text, bytes, sizeof bytes - 1);
	assert_int_equal(text.lines, 2);
	assert_int_equal(text.bad, 1);
	assert_int_equal(text.bad_line, 2);
	bench_text_free(&text);
}

static void test_text_huge_lines(void **state)
{
	size_t len = (size_t)8 << 20;
	char *bytes = malloc(2 * len + 64);
	struct bench_text text = {0};
	size_t size;

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 'x', len);
	size = len + (size_t)sprintf(bytes + len, "\nBenchmark");
	memset(bytes + size, 'Y', len);
	size += len;
	size += (size_t)sprintf(bytes + size, " 1 5 ns/op\n");
	bench_text_parse(&text, bytes, size);
	assert_int_equal(text.lines, 1);
	assert_int_equal(strlen(text.values[0].name), len + 9);
	bench_text_free(&text);
	free(bytes);
}

static void test_text_several_texts_add_up(void **state)
{
	struct bench_text text = read_text("cpu: X\nBenchmarkA 1 5 ns/op\n");
	static const char more[] = "BenchmarkA 1 6 ns/op\n";

	(void)state;
	bench_text_parse(&text, more, strlen(more));
	bench_text_parse(&text, "", 0);
	assert_int_equal(text.lines, 2);
	/* What one file says does not hold in the next. */
	assert_true(text.config[BENCH_TEXT_CPU].varies);
	bench_text_free(&text);
}

static void test_text_files(void **state)
{
	char path[] = "/tmp/bench_text_test.XXXXXX";
	int fd = mkstemp(path);
	FILE *stream = fdopen(fd, "w");
	struct bench_text text = {0};

	(void)state;
	assert_non_null(stream);
	for (int i = 0; i < 10000; i++)
		fprintf(stream, "BenchmarkLong/name=%d 1 %d ns/op\n", i % 7, i);
	fclose(stream);
	assert_int_equal(bench_text_read(&text, path), 0);
	assert_int_equal(text.lines, 10000);
	check_value(&text, 9999, "BenchmarkLong/name=3", "ns/op", 9999);
	unlink(path);
	assert_int_equal(bench_text_read(&text, path), -ENOENT);
	assert_int_equal(bench_text_read(&text, "/tmp"), -EISDIR);
	bench_text_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_example_of_the_specification),
		cmocka_unit_test(test_text_repeated_names_are_runs),
		cmocka_unit_test(test_text_config_holds_until_it_changes),
		cmocka_unit_test(test_text_ends_of_lines),
		cmocka_unit_test(test_text_other_lines_are_passed_over),
		cmocka_unit_test(test_text_damaged_lines_are_counted),
		cmocka_unit_test(test_text_numbers),
		cmocka_unit_test(test_text_units_say_what_is_better),
		cmocka_unit_test(test_text_zero_bytes_spoil_their_line_only),
		cmocka_unit_test(test_text_huge_lines),
		cmocka_unit_test(test_text_several_texts_add_up),
		cmocka_unit_test(test_text_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
