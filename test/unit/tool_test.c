/* SPDX-License-Identifier: MIT */
/* links: internal/base/xalloc.c internal/tool/tool.c internal/tool/common/human.c */
/* Numbers as people write and read them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/common/human.h"
#include "tool/tool.h"

static void check_duration(const char *text, uint64_t expected)
{
	uint64_t ns = 1;

	assert_int_equal(tool_duration(text, &ns), 0);
	if (ns != expected)
		fail_msg("%s is %llu ns, not %llu", text, (unsigned long long)ns,
			 (unsigned long long)expected);
}

static void test_tool_durations_are_read(void **state)
{
	(void)state;
	check_duration("1s", 1000000000);
	check_duration("500ms", 500000000);
	check_duration("10m", UINT64_C(600000000000));
	check_duration("2h", UINT64_C(7200000000000));
	check_duration("7us", 7000);
	check_duration("3ns", 3);
	check_duration("0s", 0);
	check_duration("1.5s", 1500000000);
	check_duration("0.1ms", 100000);
	check_duration("0.3s", 300000000);
	check_duration("9223372036854775807ns", INT64_MAX);
}

static void test_tool_other_durations_are_refused(void **state)
{
	static const char *const wrong[] = {
		"",	"1",   "s",   "-1s",   "+1s",	 " 1s",	 "1s ",	  "1 s", "1sec", "1S",
		"1e3s", ".5s", "1.s", "1..5s", "1.2.3s", "0x1s", "nan s", "inf", "1s\n", "1d"};
	uint64_t ns = 42;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (tool_duration(wrong[i], &ns) != -EINVAL)
			fail_msg("\"%s\" was taken", wrong[i]);
	}
	assert_int_equal(tool_duration("9223372036854775808ns", &ns), -ERANGE);
	assert_int_equal(tool_duration("2562048h", &ns), -ERANGE);
	assert_int_equal(tool_duration("99999999999999999999999999999999999999999s", &ns), -ERANGE);
	assert_int_equal(ns, 42);
}

static void test_tool_numbers_are_read_within_their_range(void **state)
{
	uint64_t number = 42;

	(void)state;
	assert_int_equal(tool_number("7", 0, 9, &number), 0);
	assert_int_equal(number, 7);
	assert_int_equal(tool_number("0007", 0, 9, &number), 0);
	assert_int_equal(tool_number("18446744073709551615", 0, UINT64_MAX, &number), 0);
	assert_true(number == UINT64_MAX);
	assert_int_equal(tool_number("10", 0, 9, &number), -ERANGE);
	assert_int_equal(tool_number("0", 1, 9, &number), -ERANGE);
	assert_int_equal(tool_number("99999999999999999999999", 0, 9, &number), -ERANGE);
	assert_int_equal(tool_number("99999999999999999999999x", 0, 9, &number), -EINVAL);
	assert_true(number == UINT64_MAX);
}

static void test_tool_other_numbers_are_refused(void **state)
{
	static const char *const wrong[] = {"",	  "-1",	 "+1",	" 1",  "1 ",
					    "1x", "0x1", "1.0", "1e2", "\xd9\xa1"};
	uint64_t number = 42;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (tool_number(wrong[i], 0, 100, &number) != -EINVAL)
			fail_msg("\"%s\" was taken", wrong[i]);
	}
	assert_int_equal(number, 42);
}

static void check_value(int64_t value, const char *unit, const char *expected)
{
	char text[HUMAN_SIZE];

	assert_string_equal(human_value(text, sizeof(text), value, unit), expected);
}

static void test_tool_values_have_readable_units(void **state)
{
	(void)state;
	check_value(0, "nanoseconds", "0");
	check_value(999, "nanoseconds", "999ns");
	check_value(1500, "nanoseconds", "1.50us");
	check_value(10000000, "nanoseconds", "10ms");
	check_value(1234000000, "nanoseconds", "1.23s");
	check_value(INT64_C(90000000000), "nanoseconds", "1.50mins");
	check_value(INT64_C(7200000000000), "nanoseconds", "2hrs");
	check_value(1023, "bytes", "1023B");
	check_value(1024, "bytes", "1kB");
	check_value(1536, "bytes", "1.50kB");
	check_value(INT64_C(5) << 30, "bytes", "5GB");
	check_value(-2048, "bytes", "-2kB");
	check_value(1234567, "count", "1234567");
	check_value(INT64_MAX, "bytes", "8192PB");
	check_value(INT64_MIN, "nanoseconds", "-2562047.79hrs");
	check_value(INT64_MIN, "count", "-9223372036854775808");
}

static void test_tool_percents(void **state)
{
	char text[HUMAN_SIZE];

	(void)state;
	assert_string_equal(human_percent(text, sizeof(text), 1, 3), "33.33%");
	assert_string_equal(human_percent(text, sizeof(text), 3, 3), "100.00%");
	assert_string_equal(human_percent(text, sizeof(text), 1, 0), "0%");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tool_durations_are_read),
		cmocka_unit_test(test_tool_other_durations_are_refused),
		cmocka_unit_test(test_tool_numbers_are_read_within_their_range),
		cmocka_unit_test(test_tool_other_numbers_are_refused),
		cmocka_unit_test(test_tool_values_have_readable_units),
		cmocka_unit_test(test_tool_percents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
