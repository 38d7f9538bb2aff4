/* SPDX-License-Identifier: MIT */
/* links: internal/tool/live/push_retry.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/live/push_retry.h"

static uint64_t wait_of(long status, unsigned tries, unsigned dice)
{
	struct http_answer answer = {.outcome = HTTP_ANSWERED, .status = status};

	return push_retry_wait_ms(&answer, tries, 0, dice);
}

static void test_push_retry_waits_longer_each_time(void **state)
{
	(void)state;
	assert_int_equal(wait_of(503, 1, 0), 500);
	assert_int_equal(wait_of(503, 2, 0), 1000);
	assert_int_equal(wait_of(503, 3, 0), 2000);
	assert_int_equal(wait_of(503, PUSH_TRIES, 0), 0);
}

static void test_push_retry_is_apart_by_up_to_a_half(void **state)
{
	(void)state;
	for (unsigned dice = 0; dice < 100000; dice += 7)
		assert_in_range(wait_of(503, 2, dice), 500, 1000);
	assert_int_equal(wait_of(503, 2, 500), 500);
}

static void test_push_retry_is_for_what_passes(void **state)
{
	static const enum http_outcome again[] = {HTTP_REFUSED, HTTP_NO_HOST, HTTP_CUT_OFF},
				       never[] = {HTTP_TIMED_OUT, HTTP_TOO_LARGE, HTTP_NO_HTTP,
						  HTTP_NO_TLS,	  HTTP_STOPPED,	  HTTP_FAILED};

	(void)state;
	for (size_t i = 0; i < sizeof again / sizeof *again; i++)
		assert_int_not_equal(
			push_retry_wait_ms(&(struct http_answer){.outcome = again[i]}, 1, 0, 0), 0);
	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		assert_int_equal(
			push_retry_wait_ms(&(struct http_answer){.outcome = never[i]}, 1, 0, 0), 0);
	assert_int_not_equal(wait_of(429, 1, 0), 0);
	assert_int_not_equal(wait_of(500, 1, 0), 0);
	assert_int_equal(wait_of(501, 1, 0), 0);
	assert_int_equal(wait_of(200, 1, 0), 0);
	assert_int_equal(wait_of(302, 1, 0), 0);
	assert_int_equal(wait_of(422, 1, 0), 0);
}

static void test_push_retry_does_as_the_server_says(void **state)
{
	struct http_answer answer = {.outcome = HTTP_ANSWERED, .status = 503, .retry_after_s = 20};

	(void)state;
	assert_int_equal(push_retry_wait_ms(&answer, 1, 0, 0), 20000);
	assert_int_equal(push_retry_wait_ms(&answer, 1, 40000, 0), 20000);
	assert_int_equal(push_retry_wait_ms(&answer, 1, 40001, 0), 0);
	answer.retry_after_s = UINT64_MAX;
	assert_int_equal(push_retry_wait_ms(&answer, 1, 0, 0), 0);
	/* Never earlier than we would come by ourselves. */
	answer.retry_after_s = 1;
	assert_int_equal(push_retry_wait_ms(&answer, 3, 0, 0), 2000);
}

static void test_push_retry_has_an_end_for_a_whole_run(void **state)
{
	struct http_answer answer = {.outcome = HTTP_REFUSED};
	uint64_t waited_ms = 0;

	(void)state;
	for (int profile = 0; profile < 1000; profile++)
		for (unsigned tries = 1; tries < PUSH_TRIES; tries++)
			waited_ms += push_retry_wait_ms(&answer, tries, waited_ms, 0);
	assert_int_equal(waited_ms, PUSH_WAIT_ALL_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_push_retry_waits_longer_each_time),
		cmocka_unit_test(test_push_retry_is_apart_by_up_to_a_half),
		cmocka_unit_test(test_push_retry_is_for_what_passes),
		cmocka_unit_test(test_push_retry_does_as_the_server_says),
		cmocka_unit_test(test_push_retry_has_an_end_for_a_whole_run),
	};

	return cmocka_run_group_tests_name("push_retry", tests, NULL, NULL);
}
