/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "internal/store/code_store.h"

#define CODES_MAX	100
#define TTL_MS		10000
#define RESEND_AFTER_MS 1000

static int setup(void **state)
{
	const struct code_store_config config = {
		.codes_max = CODES_MAX,
		.ttl_ms = TTL_MS,
		.resend_after_ms = RESEND_AFTER_MS,
		.key = "a key of a test",
	};

	*state = code_store_new(&config);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	code_store_free(*state);
	return 0;
}

static const char *phone_of(int number, char phone[17])
{
	snprintf(phone, 17, "+1555%07d", number);
	return phone;
}

static void test_code_store_take_needs_the_code(void **state)
{
	assert_int_equal(code_store_put(*state, "+15550000001", "123456", 0), 0);
	assert_int_equal(code_store_take(*state, "+15550000002", "123456", 1), -ENOENT);
	assert_int_equal(code_store_take(*state, "+15550000001", "123457", 1), -EACCES);
	assert_int_equal(code_store_take(*state, "+15550000001", "12345", 1), -EACCES);
	assert_int_equal(code_store_take(*state, "+15550000001", "123456", 1), 0);
	assert_int_equal(code_store_take(*state, "+15550000001", "123456", 1), -EACCES);
}

static void test_code_store_code_expires(void **state)
{
	assert_int_equal(code_store_put(*state, "+15550000001", "123456", 5), 0);
	assert_int_equal(code_store_count(*state, TTL_MS + 4), 1);
	assert_int_equal(code_store_take(*state, "+15550000001", "123456", TTL_MS + 5), -ENOENT);
	assert_int_equal(code_store_count(*state, TTL_MS + 5), 0);
}

static void test_code_store_put_waits_between_codes(void **state)
{
	assert_int_equal(code_store_put(*state, "+15550000001", "111111", 0), 0);
	assert_int_equal(code_store_put(*state, "+15550000001", "222222", RESEND_AFTER_MS - 1),
			 -EAGAIN);
	assert_int_equal(code_store_put(*state, "+15550000001", "333333", RESEND_AFTER_MS), 0);
	assert_int_equal(code_store_count(*state, RESEND_AFTER_MS), 1);
	assert_int_equal(code_store_take(*state, "+15550000001", "333333", RESEND_AFTER_MS), 0);
}

static void test_code_store_put_is_bounded(void **state)
{
	char phone[17];

	for (int i = 0; i < CODES_MAX; i++)
		assert_int_equal(code_store_put(*state, phone_of(i, phone), "123456", 0), 0);
	assert_int_equal(code_store_put(*state, phone_of(CODES_MAX, phone), "123456", 0), -ENOSPC);
	assert_int_equal(code_store_put(*state, phone_of(0, phone), "123456", RESEND_AFTER_MS), 0);
	assert_int_equal(code_store_put(*state, phone_of(CODES_MAX, phone), "123456", TTL_MS), 0);
	assert_int_equal(code_store_count(*state, TTL_MS), 2);
}

static void test_code_store_put_refuses_wrong_lengths(void **state)
{
	assert_int_equal(code_store_put(*state, "+1234567890123456", "123456", 0), -EINVAL);
	assert_int_equal(code_store_put(*state, "+15550000001", "12345", 0), -EINVAL);
	assert_int_equal(code_store_count(*state, 0), 0);
}

/* Codes come and go while others stay: none is lost on the way. */
static void test_code_store_keeps_what_is_alive(void **state)
{
	char phone[17];

	for (int i = 0; i < 10 * CODES_MAX; i++) {
		uint64_t now_ms = (uint64_t)i * TTL_MS / (CODES_MAX / 2);

		assert_int_equal(code_store_put(*state, phone_of(i, phone), "123456", now_ms), 0);
		if (i >= CODES_MAX / 4) {
			phone_of(i - CODES_MAX / 4, phone);
			assert_int_equal(code_store_take(*state, phone, "123456", now_ms), 0);
		}
	}
}

enum { CLERKS = 4, CODES_OF_A_CLERK = 150 };

struct clerk {
	struct code_store *store;
	pthread_barrier_t *start; /* they begin together */
	int number;
	int failures; /* assertions work in the test's own thread only */
};

static void *file_codes(void *argument)
{
	struct clerk *clerk = argument;
	char name[16], phone[17];

	snprintf(name, sizeof name, "clerk-%d", clerk->number);
	pthread_setname_np(pthread_self(), name);
	pthread_barrier_wait(clerk->start);
	for (int i = 0; i < CODES_OF_A_CLERK; i++)
		clerk->failures +=
			code_store_put(clerk->store,
				       phone_of(clerk->number * CODES_OF_A_CLERK + i, phone),
				       "123456", 0) != 0;
	return NULL;
}

/* Nothing that several threads put is lost. They queue for the store's lock: `make pprof.trace` shows the convoy. */
static void test_code_store_shared_by_threads(void **state)
{
	const struct code_store_config config = {
		.codes_max = CLERKS * CODES_OF_A_CLERK,
		.ttl_ms = TTL_MS,
		.key = "a key of a test",
	};
	struct code_store *store = code_store_new(&config);
	struct clerk clerks[CLERKS];
	pthread_t threads[CLERKS];
	pthread_barrier_t start;

	(void)state;
	assert_non_null(store);
	assert_int_equal(pthread_barrier_init(&start, NULL, CLERKS), 0);
	for (int i = 0; i < CLERKS; i++) {
		clerks[i] = (struct clerk){.store = store, .start = &start, .number = i};
		assert_int_equal(pthread_create(&threads[i], NULL, file_codes, &clerks[i]), 0);
	}
	for (int i = 0; i < CLERKS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(clerks[i].failures, 0);
	}
	pthread_barrier_destroy(&start);
	assert_int_equal(code_store_count(store, 0), CLERKS * CODES_OF_A_CLERK);
	code_store_free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_code_store_take_needs_the_code, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_code_store_code_expires, setup, teardown),
		cmocka_unit_test_setup_teardown(test_code_store_put_waits_between_codes, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_code_store_put_is_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(test_code_store_put_refuses_wrong_lengths, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_code_store_keeps_what_is_alive, setup,
						teardown),
		cmocka_unit_test(test_code_store_shared_by_threads),
	};

	return cmocka_run_group_tests_name("code_store", tests, NULL, NULL);
}
