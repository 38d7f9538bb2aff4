/* SPDX-License-Identifier: MIT */
/* An operation of STEPS dependent multiplications: 3 % more of them take 3 % longer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pprofmk.h"

#ifndef STEPS
#define STEPS 1000
#endif

static void bench_steps(void **state)
{
	(void)state;
	PPROF_BENCH_LOOP() {
		uint32_t x = 1;

		for (int i = 0; i < STEPS; i++) {
			x = x * 1664525u + 1013904223u;
			PPROF_KEEP(x);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(bench_steps)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
