/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "internal/text/text.h"

static void test_text_expand_replaces_fields(void **state)
{
	const struct text_field fields[] = {{"code", "123456"}, {"empty", ""}};
	struct text text = {0};

	(void)state;
	text_expand(&text, "{code}, {empty}, {unknown} and {code", fields, 2);
	assert_string_equal(text.bytes, "123456, , {unknown} and {code");
	assert_int_equal(text.len, 29);
	assert_int_equal(text.failed, 0);
	text_clear(&text);
	assert_null(text.bytes);
}

static void test_text_append_form_escapes(void **state)
{
	struct text text = {0};

	(void)state;
	text_append_form(&text, "+49 & \xc3\xa9=a-Z.0_~");
	assert_string_equal(text.bytes, "%2b49+%26+%c3%a9%3da-Z.0_~");
	text_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_expand_replaces_fields),
		cmocka_unit_test(test_text_append_form_escapes),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
