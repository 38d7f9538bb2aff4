/* SPDX-License-Identifier: MIT */
/* Our side of row_bench.sh: `pprofmk bench --bin ours_bench --func bench_hash`. The other is peer_bench.cc.
 * links: test/bench/bench_ops.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pprofmk.h"

#include "bench_ops.h"

BENCH_ALIGNED static void bench_empty(void **state)
{
	(void)state;
	PPROF_BENCH_LOOP() {
	}
}

BENCH_ALIGNED static void bench_hash(void **state)
{
	uint64_t hash = 0;

	(void)state;
	PPROF_BENCH_LOOP() {
		hash = bench_op_hash(hash);
	}
	PPROF_KEEP(hash);
}

BENCH_ALIGNED static void bench_malloc(void **state)
{
	(void)state;
	PPROF_BENCH_LOOP() {
		bench_op_malloc();
	}
}

BENCH_ALIGNED static void bench_copy(void **state)
{
	(void)state;
	PPROF_BENCH_LOOP() {
		bench_op_copy();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bench_empty),
		cmocka_unit_test(bench_hash),
		cmocka_unit_test(bench_malloc),
		cmocka_unit_test(bench_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
