/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "internal/digest/sha256.h"

static void assert_digest(const uint8_t digest[SHA256_SIZE], const char *expected)
{
	char hex[2 * SHA256_SIZE + 1];

	for (size_t i = 0; i < SHA256_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	assert_string_equal(hex, expected);
}

/* The examples that NIST publishes for FIPS 180-4. */
static void test_sha256_published_examples(void **state)
{
	uint8_t digest[SHA256_SIZE];

	(void)state;
	sha256_keyed("a", 1, "bc", digest);
	assert_digest(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	sha256_keyed("", 0, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", digest);
	assert_digest(digest, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

/* A million times "a", fed in parts that fall across the blocks. */
static void test_sha256_in_parts(void **state)
{
	static const char part[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	uint8_t digest[SHA256_SIZE];
	struct sha256 sha;

	(void)state;
	sha256_start(&sha);
	for (int i = 0; i < 1000000 / 50; i++)
		sha256_feed(&sha, part, 50);
	sha256_finish(&sha, digest);
	assert_digest(digest, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256_published_examples),
		cmocka_unit_test(test_sha256_in_parts),
	};

	return cmocka_run_group_tests_name("sha256", tests, NULL, NULL);
}
