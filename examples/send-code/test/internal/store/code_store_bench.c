/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <pprofmk.h>

#include "internal/store/code_store.h"

#define ALIVE_MAX 1000

static char phones[ALIVE_MAX][CODE_STORE_PHONE_MAX + 2];

static int setup(void **state)
{
	(void)state;
	for (int i = 0; i < ALIVE_MAX; i++)
		snprintf(phones[i], sizeof(phones[i]), "+1555%07d", i);
	return 0;
}

/* A store in which so many codes are alive, and none will expire. */
static struct code_store *store_with(int alive)
{
	const struct code_store_config config = {
		.codes_max = ALIVE_MAX,
		.ttl_ms = 600000,
		.key = "a benchmark key",
	};
	struct code_store *store = code_store_new(&config);

	assert_non_null(store);
	for (int i = 0; i < alive; i++)
		assert_int_equal(code_store_put(store, phones[i], "123456", 0), 0);
	return store;
}

/* A user who has a code asks for another one. */
static void bench_code_store_put(void **state)
{
	static const int alive[] = {10, 100, 1000};

	(void)state;
	for (size_t i = 0; i < sizeof(alive) / sizeof(*alive); i++) {
		PPROF_BENCH_SUB("alive=%d", alive[i]) {
			struct code_store *store = store_with(alive[i]);
			int next = 0, errors = 0;

			PPROF_BENCH_LOOP() {
				errors += code_store_put(store, phones[next], "654321", 1) != 0;
				next = (next + 1) % alive[i];
			}
			assert_int_equal(errors, 0);
			code_store_free(store);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(bench_code_store_put, setup),
	};

	return cmocka_run_group_tests_name("code_store", tests, NULL, NULL);
}
