/* SPDX-License-Identifier: MIT */
/* links: internal/endpoint/query.c internal/endpoint/access.c internal/endpoint/address.c internal/base/http_host.c */
/* What comes with a request, read as Go reads it. The expected values of numbers are what Go 1.23's strconv returns. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/http_host.h"
#include "endpoint/access.h"
#include "endpoint/address.h"
#include "endpoint/query.h"

static void expect_query(const char *query, const char *name, const char *expected)
{
	char value[16];

	assert_int_equal(query_value(query, name, value, sizeof value), expected != NULL);
	assert_string_equal(value, expected != NULL ? expected : "");
}

static void test_query_value_is_the_first_of_its_name(void **state)
{
	(void)state;
	expect_query("seconds=5&debug=1", "debug", "1");
	expect_query("seconds=5&seconds=6", "seconds", "5");
	expect_query("secondsx=5&xseconds=7", "seconds", NULL);
	expect_query("seconds=", "seconds", "");
	expect_query("seconds", "seconds", "");
	expect_query("seconds=1=2", "seconds", "1=2");
	expect_query("", "seconds", NULL);
	expect_query(NULL, "seconds", NULL);
}

static void test_query_value_is_unescaped(void **state)
{
	(void)state;
	expect_query("%73econds=%35+%2b", "seconds", "5 +");
	expect_query("a=1&&seconds=%3d", "seconds", "=");
}

static void test_query_passes_over_what_go_refuses(void **state)
{
	(void)state;
	expect_query("seconds=5;x&seconds=6", "seconds", "6");
	expect_query("seconds=%zz&seconds=6", "seconds", "6");
	expect_query("seconds=%5", "seconds", NULL);
	expect_query("seconds=%", "seconds", NULL);
	expect_query("seconds=%00", "seconds", NULL);
	expect_query("seconds=0123456789abcdef0", "seconds", NULL);
}

static void test_query_unescapes_a_path(void **state)
{
	char path[] = "/debug/p%70rof/he%61p+", cut[] = "/a%2";

	(void)state;
	assert_true(query_unescape(path));
	assert_string_equal(path, "/debug/pprof/heap+");
	assert_false(query_unescape(cut));
}

static void expect_int(const char *text, bool is_one, int64_t expected)
{
	int64_t number;

	assert_int_equal(query_int(text, &number), is_one);
	assert_int_equal(number, expected);
}

static void test_query_int_is_parse_int(void **state)
{
	(void)state;
	expect_int("5", true, 5);
	expect_int("+5", true, 5);
	expect_int("-5", true, -5);
	expect_int("007", true, 7);
	expect_int("9223372036854775807", true, INT64_MAX);
	expect_int("-9223372036854775808", true, INT64_MIN);
	expect_int("9223372036854775808", false, INT64_MAX);
	expect_int("-9223372036854775809", false, INT64_MIN);
	expect_int("99999999999999999999999", false, INT64_MAX);
	expect_int("", false, 0);
	expect_int("-", false, 0);
	expect_int("5s", false, 0);
	expect_int(" 5", false, 0);
	expect_int("1_0", false, 0);
}

static void expect_number(const char *text, bool is_one, double expected)
{
	double number;

	assert_int_equal(query_float(text, &number), is_one);
	assert_true(number > expected * (1 - 1e-12) - 1e-300 &&
		    number < expected * (1 + 1e-12) + 1e-300);
}

static void test_query_float_is_parse_float(void **state)
{
	(void)state;
	expect_number("5", true, 5);
	expect_number("0.25", true, 0.25);
	expect_number(".5", true, 0.5);
	expect_number("5.", true, 5);
	expect_number("2.5e1", true, 25);
	expect_number("25e-1", true, 2.5);
	expect_number("0e999", true, 0);
	expect_number("", false, 0);
	expect_number(".", false, 0);
	expect_number("5x", false, 0);
	expect_number("5e", false, 0);
	expect_number("1e999", false, 0);
	expect_number("inf", false, 0);
	expect_number("NaN", false, 0);
	expect_number("1.2.3", false, 0);
}

static void test_access_needs_a_token_away_from_loopback(void **state)
{
	struct access access;
	char longest[ACCESS_TOKEN_MAX + 2];

	(void)state;
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	assert_int_equal(access_init(&access, NULL, true), 0);
	assert_int_equal(access_init(&access, "", false), -EACCES);
	assert_int_equal(access_init(&access, NULL, false), -EACCES);
	assert_int_equal(access_init(&access, "none", false), 0);
	assert_int_equal(access_init(&access, longest, false), -EINVAL);
	assert_int_equal(access_init(&access, longest + 1, false), 0);
}

static void test_access_compares_all_of_the_token(void **state)
{
	struct access access;

	(void)state;
	assert_int_equal(access_init(&access, "secret", false), 0);
	assert_true(access_is_allowed(&access, "Bearer secret"));
	assert_true(access_is_allowed(&access, "bearer secret"));
	assert_false(access_is_allowed(&access, NULL));
	assert_false(access_is_allowed(&access, ""));
	assert_false(access_is_allowed(&access, "secret"));
	assert_false(access_is_allowed(&access, "Basic secret"));
	assert_false(access_is_allowed(&access, "Bearer "));
	assert_false(access_is_allowed(&access, "Bearer secre"));
	assert_false(access_is_allowed(&access, "Bearer secrets"));
	assert_false(access_is_allowed(&access, "Bearer Secret"));
	assert_int_equal(access_init(&access, NULL, true), 0);
	assert_true(access_is_allowed(&access, NULL));
}

static void expect_address(const char *text, int error, int family, bool is_loopback)
{
	struct address address;

	assert_int_equal(address_read(text, &address), error);
	if (error != 0)
		return;
	assert_int_equal(address.socket.any.sa_family, family);
	assert_int_equal(address.is_loopback, is_loopback);
}

static void test_address_is_read_without_asking_anybody(void **state)
{
	(void)state;
	expect_address("127.0.0.1:6060", 0, AF_INET, true);
	expect_address("127.9.9.9:6060", 0, AF_INET, true);
	expect_address(":6060", 0, AF_INET, true);
	expect_address("localhost:6060", 0, AF_INET, true);
	expect_address("[::1]:6060", 0, AF_INET6, true);
	expect_address("0.0.0.0:6060", 0, AF_INET, false);
	expect_address("[::]:6060", 0, AF_INET6, false);
	expect_address("10.0.0.1:65535", 0, AF_INET, false);
	expect_address("127.0.0.1", -EINVAL, 0, false);
	expect_address("127.0.0.1:0", -EINVAL, 0, false);
	expect_address("127.0.0.1:65536", -EINVAL, 0, false);
	expect_address("127.0.0.1:x", -EINVAL, 0, false);
	expect_address("example.com:6060", -EINVAL, 0, false);
	expect_address("6060", -EINVAL, 0, false);
	expect_address("", -EINVAL, 0, false);
}

static void test_host_is_ours_by_number_or_localhost(void **state)
{
	(void)state;
	assert_true(http_host_is_ours("127.0.0.1:6060", "localhost", 0));
	assert_true(http_host_is_ours("localhost:7777", "localhost", 0));
	assert_true(http_host_is_ours("[::1]:6060", "localhost", 0));
	assert_true(http_host_is_ours("10.1.2.3", "localhost", 0));
	assert_true(http_host_is_ours(NULL, "localhost", 0));
	assert_false(http_host_is_ours("localhost:7777", "localhost", 6060));
	assert_false(http_host_is_ours("example.com:6060", "localhost", 0));
	assert_false(http_host_is_ours("127.0.0.1.example.com", "localhost", 0));
	assert_false(http_host_is_ours("127.0.0.1:6060x", "localhost", 0));
	assert_false(http_host_is_ours("127.0.0.1:", "localhost", 0));
	assert_false(http_host_is_ours("127.0.0.1:65536", "localhost", 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_query_value_is_the_first_of_its_name),
		cmocka_unit_test(test_query_value_is_unescaped),
		cmocka_unit_test(test_query_passes_over_what_go_refuses),
		cmocka_unit_test(test_query_unescapes_a_path),
		cmocka_unit_test(test_query_int_is_parse_int),
		cmocka_unit_test(test_query_float_is_parse_float),
		cmocka_unit_test(test_access_needs_a_token_away_from_loopback),
		cmocka_unit_test(test_access_compares_all_of_the_token),
		cmocka_unit_test(test_address_is_read_without_asking_anybody),
		cmocka_unit_test(test_host_is_ours_by_number_or_localhost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
