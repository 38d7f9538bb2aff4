/* SPDX-License-Identifier: MIT */
/* links: tool */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tool/live/push_labels.h"

static const char *const known[] = {"GITHUB_SHA",
				    "CI_COMMIT_SHA",
				    "BUILDKITE_COMMIT",
				    "GIT_COMMIT",
				    "GITHUB_HEAD_REF",
				    "GITHUB_REF_NAME",
				    "CI_COMMIT_REF_NAME",
				    "BUILDKITE_BRANCH",
				    "BRANCH_NAME",
				    "GIT_BRANCH",
				    "GITHUB_REPOSITORY",
				    "CI_PROJECT_NAME",
				    "BUILDKITE_PIPELINE_SLUG"};

static int set_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		unsetenv(known[i]);
	setenv("GITHUB_SHA", "1a2b", 1);
	setenv("GITHUB_REF_NAME", "7/merge", 1);
	setenv("GITHUB_REPOSITORY", "owner/shop", 1);
	return 0;
}

static void is_called(const struct push_labels *labels, const char *expected)
{
	char *text = push_labels_text(labels);

	assert_string_equal(text, expected);
	free(text);
}

static void test_push_labels_of_the_ci_system(void **state)
{
	struct push_labels labels;

	(void)state;
	push_labels_begin(&labels, NULL);
	is_called(&labels, "shop{commit=1a2b,branch=7/merge}");
	push_labels_free(&labels);
	/* Of a pull request. */
	setenv("GITHUB_HEAD_REF", "topic/x", 1);
	push_labels_begin(&labels, "shop/api v2");
	is_called(&labels, "shop/api_v2{commit=1a2b,branch=topic/x}");
	push_labels_free(&labels);
}

static void test_push_labels_given_ones_stay(void **state)
{
	struct push_labels labels;

	(void)state;
	push_labels_begin(&labels, "x");
	assert_null(push_labels_add(&labels, "branch=main"));
	assert_null(push_labels_add(&labels, "os=a=b"));
	push_labels_set(&labels, "branch", "other");
	push_labels_set(&labels, "test", "one");
	push_labels_set(&labels, "test", "two");
	is_called(&labels, "x{commit=1a2b,branch=main,os=a=b,test=two}");
	push_labels_free(&labels);
}

static void test_push_labels_values_are_made_fit(void **state)
{
	struct push_labels labels;
	char *long_one = malloc(3 * 1000 + 1);

	(void)state;
	unsetenv("GITHUB_SHA");
	setenv("CI_COMMIT_SHA", "a,b}c\n\x7f", 1);
	push_labels_begin(&labels, "x");
	is_called(&labels, "x{commit=a_b_c__,branch=7/merge}");
	/* 1000 characters of three bytes: cut between two of them. */
	for (int i = 0; i < 1000; i++)
		memcpy(long_one + 3 * i, "\u20ac", 3);
	long_one[3000] = '\0';
	push_labels_set(&labels, "test", long_one);
	assert_int_equal(strlen(labels.labels[2].value), 2046);
	push_labels_set(&labels, "test", "");
	assert_int_equal(strlen(labels.labels[2].value), 2046);
	push_labels_free(&labels);
	free(long_one);
}

static void test_push_labels_refused(void **state)
{
	static const char *const bad[] = {"a",	"=a",	 "1a=b", "a-b=c", "a.b=c", "__a=b",
					  "a=", "a=b,c", "a=b}", "a=b\n", "a=\xff"};
	struct push_labels labels;

	(void)state;
	push_labels_begin(&labels, "x");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_non_null(push_labels_add(&labels, bad[i]));
	assert_int_equal(labels.count, 2);
	for (int i = 0; i < PUSH_LABELS_MAX - 2; i++) {
		char text[16];

		snprintf(text, sizeof(text), "l%d=x", i);
		assert_null(push_labels_add(&labels, text));
	}
	assert_non_null(push_labels_add(&labels, "more=x"));
	assert_null(push_labels_add(&labels, "l1=y"));
	push_labels_free(&labels);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_push_labels_of_the_ci_system, set_up),
		cmocka_unit_test_setup(test_push_labels_given_ones_stay, set_up),
		cmocka_unit_test_setup(test_push_labels_values_are_made_fit, set_up),
		cmocka_unit_test_setup(test_push_labels_refused, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
