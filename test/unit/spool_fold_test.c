/* SPDX-License-Identifier: MIT */
/* links: internal/format/spool_fold.c */
/* A stretch of the scheduler's record folded: of each thread the last switch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "format/spool_fold.h"

enum { CAP = 256, TIDS = 100 };

static struct spool_switch items[CAP];

static struct spool_fold empty(void)
{
	memset(items, 0, sizeof items);
	return (struct spool_fold){items, CAP, 0};
}

/* NULL: it is not known. */
static const struct spool_switch *find(const struct spool_fold *fold, uint32_t tid)
{
	const struct spool_switch *found = NULL;

	for (size_t i = 0; i < fold->cap; i++) {
		if (fold->items[i].tid != tid)
			continue;
		assert_null(found);
		found = &fold->items[i];
	}
	return found;
}

static void test_fold_keeps_the_last_of_each(void **state)
{
	static const struct spool_switch made[] = {
		{10, 1, 0, SPOOL_SWITCH_IN},
		{20, 2, 1, SPOOL_SWITCH_IN},
		{30, 1, 0, SPOOL_SWITCH_BLOCKED},
		/* Another CPU's, of before. */
		{25, 1, 1, SPOOL_SWITCH_PREEMPTED},
		{40, 0, 1, SPOOL_SWITCH_IN},
	};
	struct spool_fold fold = empty();

	(void)state;
	spool_fold_add(&fold, made, sizeof made / sizeof *made);
	assert_int_equal(2, fold.count);
	assert_int_equal(SPOOL_SWITCH_BLOCKED, find(&fold, 1)->kind);
	assert_int_equal(30, find(&fold, 1)->ns);
	assert_int_equal(1, find(&fold, 2)->cpu);
}

/* Against a table by tid: threads come and go, records of CPUs are not in order. */
static void test_fold_is_what_a_plain_table_has(void **state)
{
	struct spool_switch known[TIDS + 1] = {{.tid = 0}};
	struct spool_fold fold = empty();

	(void)state;
	srandom(7);
	for (uint64_t turn = 0; turn < 20000; turn++) {
		struct spool_switch made = {turn + (uint64_t)random() % 50,
					    1 + (uint32_t)random() % TIDS, 0,
					    (uint16_t)(random() % (SPOOL_SWITCH_END + 1))};

		spool_fold_add(&fold, &made, 1);
		if (known[made.tid].tid == 0 || known[made.tid].ns <= made.ns)
			known[made.tid] = made;
		if (random() % 20 != 0)
			continue;
		spool_fold_end(&fold);
		for (uint32_t tid = 1; tid <= TIDS; tid++) {
			const struct spool_switch *found = find(&fold, tid);

			if (known[tid].kind == SPOOL_SWITCH_END)
				known[tid].tid = 0;
			assert_int_equal(known[tid].tid != 0, found != NULL);
			if (found != NULL)
				assert_memory_equal(&known[tid], found, sizeof *found);
		}
	}
}

static void test_fold_moves_to_a_larger_table(void **state)
{
	static struct spool_switch more[2 * CAP];
	struct spool_fold fold = empty();
	uint32_t tid = 0;

	(void)state;
	for (; spool_fold_has_room(&fold, 1); tid++)
		spool_fold_add(&fold, &(struct spool_switch){tid, tid + 1, 0, SPOOL_SWITCH_IN}, 1);
	assert_int_equal(CAP / 2, tid);
	/* Beyond that nobody new comes in; who is known goes on. */
	spool_fold_add(&fold, &(struct spool_switch){1000, 1000, 0, SPOOL_SWITCH_IN}, 1);
	spool_fold_add(&fold, &(struct spool_switch){1000, 1, 0, SPOOL_SWITCH_BLOCKED}, 1);
	spool_fold_move(&fold, more, 2 * CAP);
	assert_null(find(&fold, 1000));
	assert_int_equal(1000, find(&fold, 1)->ns);
	for (uint32_t i = 2; i <= tid; i++)
		assert_int_equal(i - 1, find(&fold, i)->ns);
	assert_true(spool_fold_has_room(&fold, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fold_keeps_the_last_of_each),
		cmocka_unit_test(test_fold_is_what_a_plain_table_has),
		cmocka_unit_test(test_fold_moves_to_a_larger_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
