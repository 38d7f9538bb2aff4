/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pprofmk.h>

#include "internal/digest/sha256.h"

/* From what the store looks up, a phone number, to what fills many blocks. */
static void bench_sha256(void **state)
{
	static const size_t sizes[] = {16, 1024, 65536};
	static const uint8_t bytes[65536];
	uint8_t digest[SHA256_SIZE];
	struct sha256 sha;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		PPROF_BENCH_SUB("size=%zu", sizes[i]) {
			pprof_bench_bytes(sizes[i]);
			PPROF_BENCH_LOOP() {
				sha256_start(&sha);
				sha256_feed(&sha, bytes, sizes[i]);
				sha256_finish(&sha, digest);
				PPROF_KEEP(digest);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bench_sha256),
	};

	return cmocka_run_group_tests_name("sha256", tests, NULL, NULL);
}
