/* SPDX-License-Identifier: MIT */
/* links: internal/base/xalloc.c internal/tool/common/names.c internal/base/utf8.c internal/tool/common/nearest.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tool/common/names.h"

static void check_stem(const char *test, const char *expected)
{
	char *stem = names_stem(test);
	char *back;

	assert_string_equal(stem, expected);
	back = names_test(stem);
	assert_non_null(back);
	assert_string_equal(back, test);
	free(back);
	free(stem);
}

static void test_names_plain_ones_stay(void **state)
{
	(void)state;
	check_stem("test_send_code", "test_send_code");
	check_stem("A-Z.a_z+0=9,@#2", "A-Z.a_z+0=9,@#2");
}

static void test_names_others_are_escaped(void **state)
{
	(void)state;
	check_stem("../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd");
	check_stem(".hidden", "%2Ehidden");
	check_stem("a b'c\"d$e;f\ng", "a%20b%27c%22d%24e%3Bf%0Ag");
	check_stem("100%", "100%25");
	check_stem("K\xc3\xb6ln", "K%C3%B6ln");
	check_stem("~", "%7E");
	check_stem("", "%");
}

static void test_names_no_two_have_one_stem(void **state)
{
	static const char *const names[] = {"a",   "a ", "a%20", "a%2520", "%", "",
					    "%25", "A",	 ".",	 "%2E",	   "%~"};
	size_t count = sizeof(names) / sizeof(names[0]);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < i; j++) {
			char *one = names_stem(names[i]), *two = names_stem(names[j]);

			assert_string_not_equal(one, two);
			free(one);
			free(two);
		}
	}
}

/* Around the limit, with escapes at every place where the cut may fall. */
static void test_names_long_ones_are_cut_whole_and_differ(void **state)
{
	char name[400];

	(void)state;
	for (size_t shift = 0; shift < 3; shift++) {
		char *one, *two;

		memset(name, ' ', sizeof(name));
		memset(name, 'x', shift);
		name[300] = '\0';
		one = names_stem(name);
		name[299] = 'y';
		two = names_stem(name);
		assert_in_range(strlen(one), NAMES_STEM_MAX - 2, NAMES_STEM_MAX);
		assert_string_not_equal(one, two);
		assert_int_equal(strspn(one, "x%20~ABCDEFabcdef3456789147"), strlen(one));
		assert_memory_equal(one + strlen(one) - 18, "%~", 2);
		/* What is left before the hash is whole. */
		assert_int_equal((strlen(one) - 18 - shift) % 3, 0);
		assert_null(names_test(one));
		free(one);
		free(two);
	}
	memset(name, 'x', sizeof(name));
	name[NAMES_STEM_MAX] = '\0';
	check_stem(name, name);
}

static void test_names_stems_of_others_are_no_tests(void **state)
{
	static const char *const stems[] = {"a b", "%2e", "%41", "%",	"x%",
					    "x%2", "%00", ".x",	 "a/b", "x%~0123"};

	(void)state;
	for (size_t i = 0; i < sizeof(stems) / sizeof(stems[0]); i++) {
		char *test = names_test(stems[i]);

		if (strcmp(stems[i], "%") == 0)
			assert_string_equal(test, "");
		else
			assert_null(test);
		free(test);
	}
}

static void check_nearest(const char *wrong, const char *const *expected)
{
	static const char *const names[] = {
		"test_send_code", "test_send_mail", NULL, "test_parse",
		"test_send_code", "encode",	    "",	  "test_Cache_hit",
	};
	const char *nearest[4] = {NULL};
	size_t found = names_nearest(wrong, names, sizeof(names) / sizeof(names[0]), nearest, 4);
	size_t i = 0;

	for (; expected[i]; i++) {
		assert_in_range(i, 0, found - 1);
		assert_string_equal(nearest[i], expected[i]);
	}
	assert_int_equal(found, i);
}

#define NEAREST(wrong, ...) check_nearest(wrong, (const char *const[]){__VA_ARGS__, NULL})

static void test_names_nearest_are_found(void **state)
{
	(void)state;
	NEAREST("test_sned_code", "test_send_code");
	NEAREST("send", "test_send_code", "test_send_mail");
	NEAREST("test_cache_hit", "test_Cache_hit");
	NEAREST("test_encode_all", "encode");
	NEAREST("tset_parse", "test_parse");
	check_nearest("something_else_altogether", (const char *const[]){NULL});
	check_nearest("", (const char *const[]){NULL});
}

static void test_names_nearest_takes_long_ones(void **state)
{
	char longest[2000];
	const char *const names[] = {longest, "x"};
	const char *nearest[2] = {NULL};

	(void)state;
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(names_nearest(longest, names, 2, nearest, 2), 1);
	assert_ptr_equal(nearest[0], longest);
	assert_int_equal(names_nearest("yyyy", names, 2, nearest, 2), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_plain_ones_stay),
		cmocka_unit_test(test_names_others_are_escaped),
		cmocka_unit_test(test_names_no_two_have_one_stem),
		cmocka_unit_test(test_names_long_ones_are_cut_whole_and_differ),
		cmocka_unit_test(test_names_stems_of_others_are_no_tests),
		cmocka_unit_test(test_names_nearest_are_found),
		cmocka_unit_test(test_names_nearest_takes_long_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
