/* SPDX-License-Identifier: MIT */
/* links: tool */
/* Lines as Go prints them. What is expected is what Go's own tests (src/testing/benchmark_test.go, go1.23) expect of Go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tool/bench/bench_format.h"

static void check_value(double value, const char *expected)
{
	char text[64] = "";
	FILE *stream = fmemopen(text, sizeof text, "w");

	bench_print_value(stream, value, "x");
	fclose(stream);
	assert_string_equal(text, expected);
}

static void test_bench_format_values_as_go(void **state)
{
	(void)state;
	check_value(0, "         0 x");
	check_value(1234.1, "      1234 x");
	check_value(-1234.1, "     -1234 x");
	check_value(999.950001, "      1000 x");
	check_value(999.949999, "       999.9 x");
	check_value(99.9950001, "       100.0 x");
	check_value(99.9949999, "        99.99 x");
	check_value(-99.9949999, "       -99.99 x");
	check_value(0.000999950001, "         0.001000 x");
	check_value(0.000999949999, "         0.0009999 x");
	check_value(0.0000999949999, "         0.0001000 x");
}

static void check_line(const struct bench_result *result, size_t width, const char *expected)
{
	char text[512] = "";
	FILE *stream = fmemopen(text, sizeof text, "w");

	bench_print(stream, result, width);
	fclose(stream);
	assert_string_equal(text, expected);
}

static void test_bench_format_fractions_of_a_nanosecond(void **state)
{
	struct bench_result result = {.name = "B", .iterations = 100, .ns_op = 2.4};

	(void)state;
	check_line(&result, 1, "B\t     100\t         2.400 ns/op\n");
	result.ns_op = 0.4;
	check_line(&result, 1, "B\t     100\t         0.4000 ns/op\n");
	result.ns_op = 0;
	check_line(&result, 1, "B\t     100\n");
}

static void test_bench_format_names_are_padded_by_characters(void **state)
{
	struct bench_result result = {.name = "B\xc3\xa4", .iterations = 100, .ns_op = 2.4};

	(void)state;
	check_line(&result, 4, "B\xc3\xa4  \t     100\t         2.400 ns/op\n");
}

static void test_bench_format_metrics_and_allocations(void **state)
{
	struct bench_metric metrics[] = {{"frobs/op", 0.2}};
	struct bench_result result = {.name = "BenchmarkEncode-2",
				      .iterations = 1,
				      .ns_op = 12345,
				      .metrics = metrics,
				      .metric_count = 1};

	(void)state;
	check_line(&result, 20,
		   "BenchmarkEncode-2   \t       1\t     12345 ns/op\t         0.2000 frobs/op\n");
	result.mb_s = 617.254;
	result.has_mem = true;
	result.bytes_op = 512;
	result.allocs_op = 3;
	check_line(&result, 1,
		   "BenchmarkEncode-2\t       1\t     12345 ns/op\t 617.25 MB/s\t"
		   "         0.2000 frobs/op\t     512 B/op\t       3 allocs/op\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bench_format_values_as_go),
		cmocka_unit_test(test_bench_format_fractions_of_a_nanosecond),
		cmocka_unit_test(test_bench_format_names_are_padded_by_characters),
		cmocka_unit_test(test_bench_format_metrics_and_allocations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
