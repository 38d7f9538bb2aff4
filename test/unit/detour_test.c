/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/hook/detour.c */
/* A function's beginning replaced and put back, on whatever processor this runs. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt_double.h"
#include "runtime/hook/detour.h"

/* More than there are registers for arguments: each digit of the sums says where one arrived. */
typedef long weigh(long a, long b, long c, long d, long e, long f, long g, long h, long i);

#define UP   987654321
#define DOWN 123456789

NOIPA static long weigh_up(long a, long b, long c, long d, long e, long f, long g, long h, long i)
{
	return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i;
}

NOIPA static long weigh_down(long a, long b, long c, long d, long e, long f, long g, long h, long i)
{
	return 9 * a + 8 * b + 7 * c + 6 * d + 5 * e + 4 * f + 3 * g + 2 * h + i;
}

static struct detour detour;

/* What a hook does: the function itself, while it is put back. */
NOIPA static long weigh_both(long a, long b, long c, long d, long e, long f, long g, long h, long i)
{
	long up;

	detour_lift(&detour);
	up = weigh_up(a, b, c, d, e, f, g, h, i);
	detour_set(&detour);
	return up + weigh_down(a, b, c, d, e, f, g, h, i);
}

/* By its address, which no compiler sees through. */
static long call(weigh *volatile function)
{
	return function(1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000);
}

static void test_detour_leads_to_the_target_and_back(void **state)
{
	(void)state;
	assert_int_equal(call(weigh_up), UP);
	assert_int_equal(detour_make(&detour, (void *)weigh_up, (void *)weigh_down), 0);
	assert_int_equal(call(weigh_up), DOWN);
	detour_lift(&detour);
	assert_int_equal(call(weigh_up), UP);
	detour_set(&detour);
	assert_int_equal(call(weigh_up), DOWN);
	detour_lift(&detour);
}

static void test_detour_target_may_call_the_function(void **state)
{
	(void)state;
	assert_int_equal(detour_make(&detour, (void *)weigh_up, (void *)weigh_both), 0);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(call(weigh_up), UP + DOWN);
	detour_lift(&detour);
	assert_int_equal(call(weigh_up), UP);
}

static void test_detour_reaches_into_libraries(void **state)
{
	(void)state;
	assert_int_equal(detour_make(&detour, (void *)weigh_up, (void *)labs), 0);
	assert_int_equal(call(weigh_up), 1);
	detour_lift(&detour);
	assert_int_equal(call(weigh_up), UP);
}

static void test_detour_refused_changes_nothing(void **state)
{
	struct detour none = {0};

	(void)state;
	assert_int_equal(detour_make(&none, NULL, (void *)weigh_down), -ENOMEM);
	assert_null(none.function);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_detour_leads_to_the_target_and_back),
		cmocka_unit_test(test_detour_target_may_call_the_function),
		cmocka_unit_test(test_detour_reaches_into_libraries),
		cmocka_unit_test(test_detour_refused_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
