/* SPDX-License-Identifier: MIT */
/* links: tool */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tool/suite/catalog.h"

/* Two programs; the second repeats a name of the first and one of its own. */
static const struct catalog_test all[] = {
	{.name = "test_send", .program = "/p/a_test", .occurrence = 1, .occurrences = 1},
	{.name = "test_sent", .program = "/p/a_test", .occurrence = 1, .occurrences = 1},
	{.name = "odd [name]*", .program = "/p/a_test", .occurrence = 1, .occurrences = 1},
	{.name = "test_send", .program = "/p/b_test", .occurrence = 1, .occurrences = 1},
	{.name = "twice", .program = "/p/b_test", .occurrence = 1, .occurrences = 2},
	{.name = "twice", .program = "/p/b_test", .occurrence = 2, .occurrences = 2},
	{.name = "x#2", .program = "/p/b_test", .occurrence = 1, .occurrences = 1},
	{.name = "open",
	 .group = "file",
	 .program = "/p/b_test",
	 .occurrence = 1,
	 .occurrences = 2,
	 .is_told_by_group = true},
	{.name = "open",
	 .group = "pipe",
	 .program = "/p/b_test",
	 .occurrence = 2,
	 .occurrences = 2,
	 .is_told_by_group = true},
};

static void choose(struct catalog *catalog, const char *func)
{
	memset(catalog, 0, sizeof *catalog);
	catalog->count = catalog->cap = sizeof all / sizeof *all;
	catalog->tests = malloc(sizeof all);
	memcpy(catalog->tests, all, sizeof all);
	catalog_select(catalog, func);
}

static void test_catalog_selects_an_exact_name_of_each_program(void **state)
{
	struct catalog catalog;

	(void)state;
	choose(&catalog, "test_send");
	assert_int_equal(2, catalog.count);
	assert_string_equal("a_test.test_send", catalog.tests[0].title);
	assert_string_equal("b_test.test_send", catalog.tests[1].title);
	catalog_free(&catalog);
}

static void test_catalog_selects_what_the_list_calls_it(void **state)
{
	struct catalog catalog;

	(void)state;
	choose(&catalog, "b_test.test_send");
	assert_int_equal(1, catalog.count);
	assert_string_equal("/p/b_test", catalog.tests[0].program);
	assert_string_equal("b_test.test_send", catalog.tests[0].title);
	catalog_free(&catalog);
}

static void test_catalog_selects_by_glob(void **state)
{
	struct catalog catalog;

	(void)state;
	choose(&catalog, "test_sen[st]");
	assert_int_equal(1, catalog.count);
	assert_string_equal("test_sent", catalog.tests[0].title);
	catalog_free(&catalog);
}

static void test_catalog_selects_by_a_glob_over_what_tests_are_called(void **state)
{
	struct catalog catalog;

	(void)state;
	choose(&catalog, "a_test.*");
	assert_int_equal(3, catalog.count);
	assert_string_equal("a_test.test_send", catalog.tests[0].title);
	assert_string_equal("test_sent", catalog.tests[1].title);
	catalog_free(&catalog);
	choose(&catalog, "*_test.test_send");
	assert_int_equal(2, catalog.count);
	catalog_free(&catalog);
	choose(&catalog, "pipe.*");
	assert_int_equal(1, catalog.count);
	assert_string_equal("pipe.open", catalog.tests[0].title);
	catalog_free(&catalog);
	choose(&catalog, "c_test.*");
	assert_int_equal(0, catalog.count);
	catalog_free(&catalog);
}

static void test_catalog_takes_a_program_in_front_that_the_name_would_not_need(void **state)
{
	static const char *const names[] = {"a_test.test_sent", "p/a_test.test_sent",
					    "/p/a_test.test_sent"};
	struct catalog catalog;

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		choose(&catalog, names[i]);
		assert_int_equal(1, catalog.count);
		assert_string_equal("test_sent", catalog.tests[0].name);
		assert_string_equal(names[i], catalog.tests[0].title);
		catalog_free(&catalog);
	}
	choose(&catalog, "b_test.test_sent");
	assert_int_equal(0, catalog.count);
	catalog_free(&catalog);
	choose(&catalog, "_test.test_sent");
	assert_int_equal(0, catalog.count);
	catalog_free(&catalog);
}

static void test_catalog_takes_an_exact_name_before_a_glob(void **state)
{
	struct catalog catalog;

	(void)state;
	choose(&catalog, "odd [name]*");
	assert_int_equal(1, catalog.count);
	assert_string_equal("odd [name]*", catalog.tests[0].name);
	catalog_free(&catalog);
}

static void test_catalog_numbers_repeated_names(void **state)
{
	struct catalog catalog;

	(void)state;
	choose(&catalog, "twice");
	assert_int_equal(1, catalog.count);
	assert_int_equal(1, catalog.tests[0].occurrence);
	catalog_free(&catalog);
	choose(&catalog, "twice#2");
	assert_int_equal(1, catalog.count);
	assert_int_equal(2, catalog.tests[0].occurrence);
	assert_string_equal("twice#2", catalog.tests[0].title);
	catalog_free(&catalog);
	choose(&catalog, "twice#3");
	assert_int_equal(0, catalog.count);
	catalog_free(&catalog);
	choose(&catalog, "x#2");
	assert_int_equal(1, catalog.count);
	assert_string_equal("x#2", catalog.tests[0].name);
	catalog_free(&catalog);
}

static void test_catalog_selects_all_without_a_name(void **state)
{
	struct catalog catalog;

	(void)state;
	choose(&catalog, "");
	assert_int_equal(sizeof all / sizeof *all, catalog.count);
	catalog_free(&catalog);
	choose(&catalog, NULL);
	assert_int_equal(sizeof all / sizeof *all, catalog.count);
	catalog_free(&catalog);
}

static void test_catalog_keeps_all_names_for_suggestions(void **state)
{
	struct catalog catalog;
	const char *nearest[2];

	(void)state;
	choose(&catalog, "tset_sent");
	assert_int_equal(0, catalog.count);
	catalog.count = sizeof all / sizeof *all;
	assert_true(catalog_nearest(&catalog, "tset_sent", nearest, 2) >= 1);
	assert_string_equal("test_sent", nearest[0]);
	catalog_free(&catalog);
}

static void test_catalog_tells_groups_apart(void **state)
{
	struct catalog catalog;

	(void)state;
	choose(&catalog, "");
	assert_string_equal("open", catalog.tests[7].title);
	assert_string_equal("pipe.open", catalog.tests[8].title);
	catalog_free(&catalog);
	choose(&catalog, "pipe.open");
	assert_int_equal(1, catalog.count);
	assert_string_equal("pipe", catalog.tests[0].group);
	assert_string_equal("pipe.open", catalog.tests[0].title);
	catalog_free(&catalog);
	choose(&catalog, "file.open");
	assert_int_equal(1, catalog.count);
	assert_string_equal("file", catalog.tests[0].group);
	assert_string_equal("file.open", catalog.tests[0].title);
	catalog_free(&catalog);
	choose(&catalog, "open#2");
	assert_string_equal("pipe", catalog.tests[0].group);
	assert_string_equal("open#2", catalog.tests[0].title);
	catalog_free(&catalog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_catalog_selects_an_exact_name_of_each_program),
		cmocka_unit_test(test_catalog_selects_what_the_list_calls_it),
		cmocka_unit_test(test_catalog_selects_by_glob),
		cmocka_unit_test(test_catalog_selects_by_a_glob_over_what_tests_are_called),
		cmocka_unit_test(
			test_catalog_takes_a_program_in_front_that_the_name_would_not_need),
		cmocka_unit_test(test_catalog_tells_groups_apart),
		cmocka_unit_test(test_catalog_takes_an_exact_name_before_a_glob),
		cmocka_unit_test(test_catalog_numbers_repeated_names),
		cmocka_unit_test(test_catalog_selects_all_without_a_name),
		cmocka_unit_test(test_catalog_keeps_all_names_for_suggestions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
