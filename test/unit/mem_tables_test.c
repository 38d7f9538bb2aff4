/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/mem/mem_blocks.c internal/runtime/mem/mem_sites.c internal/runtime/unwind/stack*.c
 * internal/runtime/unwind/unwind*.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt_double.h"
#include "runtime/loading.h"
#include "runtime/mem/mem_blocks.h"
#include "runtime/mem/mem_sites.h"
#include "test_arch.h"

void loading_catch_up(void)
{
}

static int setup(void **state)
{
	(void)state;
	double_open(0);
	double_thread(&rt_thread);
	return blocks_init() ? 0 : -1;
}

static void test_mem_blocks_hold_site_and_size(void **state)
{
	const uint64_t sizes[] = {0, 1, 4096, ((uint64_t)1 << BLOCK_SIZE_BITS) - 1};
	const uint32_t sites[] = {0, 1, (1u << BLOCK_SITE_BITS) - 2};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		for (size_t j = 0; j < 3; j++) {
			block_t block = block_make(sites[j], sizes[i]);

			assert_true(block != 0);
			assert_int_equal(sites[j], block_site(block));
			assert_int_equal(sizes[i], block_size(block));
		}
	}
}

static void test_mem_blocks_tell_neighbours_apart(void **state)
{
	/* The smallest blocks lie 8 bytes apart; the last of one leaf is beside the first of the next. */
	const uintptr_t addresses[] = {0x7000ffff8, 0x700100000, 0x700100008,
				       ARCH_ADDRESS_END - 4104};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_true(blocks_find((void *)addresses[i]) == NULL ||
			    *blocks_find((void *)addresses[i]) == 0);
		*blocks_slot((void *)addresses[i]) = block_make((uint32_t)i, i);
	}
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(i, block_site(*blocks_find((void *)addresses[i])));
}

static void test_mem_blocks_know_nothing_beyond_the_address_space(void **state)
{
	(void)state;
	assert_null(blocks_find((void *)UINTPTR_MAX));
	assert_null(blocks_slot((void *)ARCH_ADDRESS_END));
}

static void test_mem_sites_one_item_for_a_thread_and_stack(void **state)
{
	struct mem_sites *sites = mem_sites_new();
	uint32_t items[3000];

	(void)state;
	assert_non_null(sites);
	/* More than the first table holds: it grows and keeps what it has. */
	for (uint32_t i = 0; i < 3000; i++)
		items[i] = mem_sites_item(sites, i % 3, 1 + i / 3);
	for (uint32_t i = 0; i < 3000; i++) {
		const struct rec_site *site = &rt_table(SITES, struct rec_site)[items[i]];

		assert_int_equal(items[i], mem_sites_item(sites, i % 3, 1 + i / 3));
		assert_int_equal(i % 3, site->thread);
		assert_int_equal(1 + i / 3, site->node);
	}
	assert_int_equal(3000, atomic_load(&rt_rec->table[REC_SITES].len));
	mem_sites_free(sites);
}

static void test_mem_sites_full_table_is_told(void **state)
{
	struct mem_sites *sites = mem_sites_new();
	uint32_t cap = rt_rec->table[REC_SITES].cap;

	(void)state;
	rt_rec->table[REC_SITES].cap = atomic_load(&rt_rec->table[REC_SITES].len) + 1;
	assert_true(mem_sites_item(sites, 0, 100000) != UINT32_MAX);
	assert_int_equal(UINT32_MAX, mem_sites_item(sites, 0, 100001));
	assert_true(mem_sites_item(sites, 0, 100000) != UINT32_MAX);
	assert_true(atomic_load(&rt_rec->table[REC_SITES].lost) > 0);
	rt_rec->table[REC_SITES].cap = cap;
	mem_sites_free(sites);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mem_blocks_hold_site_and_size),
		cmocka_unit_test(test_mem_blocks_tell_neighbours_apart),
		cmocka_unit_test(test_mem_blocks_know_nothing_beyond_the_address_space),
		cmocka_unit_test(test_mem_sites_one_item_for_a_thread_and_stack),
		cmocka_unit_test(test_mem_sites_full_table_is_told),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
