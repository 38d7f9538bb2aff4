/* SPDX-License-Identifier: MIT */
/* links: internal/tool/sym/sym_ranges.c internal/base/xalloc.c */
/* clang-format off: cmocka.h needs these before it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "tool/sym/sym_ranges.h"

static const struct sym_range *find(const struct sym_ranges *ranges, uint64_t address,
				    size_t *cursor)
{
	return sym_ranges_next(ranges, address, cursor);
}

static void test_sym_ranges_empty_hold_nothing(void **state)
{
	struct sym_ranges ranges = {NULL, 0, 0};
	size_t cursor = 0;

	(void)state;
	sym_ranges_add(&ranges, 5, 5, 1);
	sym_ranges_add(&ranges, 7, 3, 1);
	sym_ranges_sort(&ranges);
	assert_null(find(&ranges, 5, &cursor));
	assert_null(find(&ranges, 5, &cursor));
	sym_ranges_free(&ranges);
}

static void test_sym_ranges_inner_before_outer(void **state)
{
	struct sym_ranges ranges = {NULL, 0, 0};
	size_t cursor = 0;

	(void)state;
	sym_ranges_add(&ranges, 20, 30, 3);
	sym_ranges_add(&ranges, 10, 100, 1);
	sym_ranges_add(&ranges, 40, 50, 4);
	sym_ranges_add(&ranges, 20, 60, 2);
	sym_ranges_sort(&ranges);
	assert_int_equal(find(&ranges, 25, &cursor)->value, 3);
	assert_int_equal(find(&ranges, 25, &cursor)->value, 2);
	assert_int_equal(find(&ranges, 25, &cursor)->value, 1);
	assert_null(find(&ranges, 25, &cursor));
	assert_null(find(&ranges, 25, &cursor));
	sym_ranges_free(&ranges);
}

static void test_sym_ranges_bounds(void **state)
{
	struct sym_ranges ranges = {NULL, 0, 0};
	size_t cursor = 0;

	(void)state;
	sym_ranges_add(&ranges, 10, 20, 1);
	sym_ranges_add(&ranges, 20, 30, 2);
	sym_ranges_add(&ranges, UINT64_MAX - 1, UINT64_MAX, 3);
	sym_ranges_sort(&ranges);
	assert_null(find(&ranges, 9, &cursor));
	cursor = 0;
	assert_int_equal(find(&ranges, 19, &cursor)->value, 1);
	cursor = 0;
	assert_int_equal(find(&ranges, 20, &cursor)->value, 2);
	cursor = 0;
	assert_null(find(&ranges, 30, &cursor));
	cursor = 0;
	assert_int_equal(find(&ranges, UINT64_MAX - 1, &cursor)->value, 3);
	sym_ranges_free(&ranges);
}

/* Against looking at every range. */
static void test_sym_ranges_as_by_hand(void **state)
{
	struct sym_ranges ranges = {NULL, 0, 0};
	unsigned seed = 7;

	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		seed = seed * 1103515245u + 12345;
		sym_ranges_add(&ranges, seed >> 16 & 1023, (seed >> 16 & 1023) + (seed >> 8 & 63),
			       i);
	}
	sym_ranges_sort(&ranges);
	for (uint64_t address = 0; address < 1100; address++) {
		size_t cursor = 0, found = 0, truth = 0;

		while (find(&ranges, address, &cursor))
			found++;
		for (size_t i = 0; i < ranges.len; i++)
			truth += ranges.items[i].low <= address && address < ranges.items[i].high;
		assert_int_equal(found, truth);
	}
	sym_ranges_free(&ranges);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sym_ranges_empty_hold_nothing),
		cmocka_unit_test(test_sym_ranges_inner_before_outer),
		cmocka_unit_test(test_sym_ranges_bounds),
		cmocka_unit_test(test_sym_ranges_as_by_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
