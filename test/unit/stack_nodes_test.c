/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/unwind/stack*.c internal/runtime/unwind/unwind*.c */
/* The tree of stacks: equal frames have one node, whoever adds them, however many there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt_double.h"
#include "runtime/unwind/stack_nodes.h"

/* More than the first three tables of the index hold. */
#define MANY 80000

static const struct rec_node *node_of(uint32_t number)
{
	return &rt_table(NODES, struct rec_node)[number];
}

static void test_stack_nodes_are_what_was_added(void **state)
{
	uint32_t a = stack_nodes_child(0, 0x1000, 0), b = stack_nodes_child(a, 0x2000, 3);

	(void)state;
	assert_int_equal(a, 1); /* 0 is the root */
	assert_int_equal(node_of(a)->ip, 0x1000);
	assert_int_equal(node_of(a)->parent, 0);
	assert_int_equal(node_of(a)->epoch, 0);
	assert_int_equal(node_of(b)->ip, 0x2000);
	assert_int_equal(node_of(b)->parent, a);
	assert_int_equal(node_of(b)->epoch, 3);
}

static void test_stack_nodes_differ_by_parent_address_and_epoch(void **state)
{
	uint32_t a = stack_nodes_child(0, 0x1000, 0);
	uint32_t other[] = {stack_nodes_child(0, 0x1001, 0), stack_nodes_child(0, 0x1000, 1),
			    stack_nodes_child(a, 0x1000, 0)};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_int_not_equal(other[i], a);
		assert_int_not_equal(other[i], other[(i + 1) % 3]);
	}
	assert_int_equal(stack_nodes_child(0, 0x1000, 0), a);
	assert_int_equal(stack_nodes_child(0, 0x1000, 1), other[1]);
}

/* Chains of 16 frames, as stacks are. */
static uint32_t add_many(uint32_t *numbers)
{
	uint32_t parent = 0, sum = 0;

	for (uint32_t i = 0; i < MANY; i++) {
		parent = stack_nodes_child(i % 16 == 0 ? 0 : parent, 0x400000 + 5 * i, 0);
		if (numbers != NULL)
			numbers[i] = parent;
		sum += parent;
	}
	return sum;
}

static void test_stack_nodes_are_found_again_among_many(void **state)
{
	static uint32_t first[MANY], again[MANY];
	uint32_t len;

	(void)state;
	add_many(first);
	len = rt_rec->table[REC_NODES].len;
	assert_int_equal(len, MANY + 1);
	add_many(again);
	assert_memory_equal(first, again, sizeof first);
	assert_int_equal(rt_rec->table[REC_NODES].len, len);
}

static void test_stack_nodes_are_dropped_and_counted_when_full(void **state)
{
	uint32_t a;

	(void)state;
	rt_unmap(rt_rec, rt_rec->size_bytes);
	double_open(4);
	stack_nodes_init();
	a = stack_nodes_child(0, 0x10, 0);
	assert_int_not_equal(a, 0);
	assert_int_not_equal(stack_nodes_child(a, 0x20, 0), 0);
	assert_int_not_equal(stack_nodes_child(a, 0x30, 0), 0);
	assert_int_equal(stack_nodes_child(a, 0x40, 0), 0);
	assert_int_equal(stack_nodes_child(a, 0x50, 0), 0);
	assert_int_equal(rt_rec->table[REC_NODES].lost, 2);
	assert_int_equal(stack_nodes_child(0, 0x10, 0), a);
}

static void *add_many_here(void *numbers)
{
	add_many(numbers);
	return NULL;
}

static bool is_same_node(uint32_t a, uint32_t b)
{
	for (; a != b; a = node_of(a)->parent, b = node_of(b)->parent)
		if (node_of(a)->ip != node_of(b)->ip || (a == 0) != (b == 0))
			return false;
	return true;
}

/* Two threads that meet a frame at once may make two nodes of it, which mean the same; few do. */
static void test_stack_nodes_mean_the_same_to_all_threads(void **state)
{
	static uint32_t numbers[2][MANY];
	pthread_t threads[2];

	(void)state;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, add_many_here, numbers[i]), 0);
	for (size_t i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	for (uint32_t i = 0; i < MANY; i++) {
		assert_int_equal(node_of(numbers[0][i])->ip, 0x400000 + 5 * i);
		assert_true(is_same_node(numbers[0][i], numbers[1][i]));
	}
}

static int open_recording(void **state)
{
	(void)state;
	double_open(0);
	stack_nodes_init();
	return 0;
}

static int close_recording(void **state)
{
	(void)state;
	rt_unmap(rt_rec, rt_rec->size_bytes);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_recording, close_recording)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_stack_nodes_are_what_was_added),
		TEST(test_stack_nodes_differ_by_parent_address_and_epoch),
		TEST(test_stack_nodes_are_found_again_among_many),
		TEST(test_stack_nodes_are_dropped_and_counted_when_full),
		TEST(test_stack_nodes_mean_the_same_to_all_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
