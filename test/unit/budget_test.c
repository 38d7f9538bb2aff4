/* SPDX-License-Identifier: MIT */
/* links: internal/base/utf8.c internal/base/xalloc.c internal/tool/gate/budget.c internal/tool/common/names.c internal/tool/tool.c */
/* What a budget's lines mean, and what is said of wrong ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/gate/budget.h"

static void check(const struct budget_rule *rule, size_t line, enum budget_kind kind, double limit)
{
	assert_non_null(rule);
	if (rule->line != line || rule->kind != kind || rule->limit != limit)
		fail_msg("line %zu, kind %d, limit %.17g; not %zu, %d, %.17g", rule->line,
			 rule->kind, rule->limit, line, kind, limit);
}

static void test_budget_lines_say_what_may_be(void **state)
{
	struct budget budget;

	(void)state;
	assert_true(budget_parse(&budget, "b",
				 "# test metric limit reason\n"
				 "\n"
				 "test_send   allocs <=120\n"
				 "test_send   peak   <= 64kB  since the cache, #12\r\n"
				 "\ttest_send bytes  +64 a header\n"
				 "bench_*     time   +8% shared runners\n"
				 "\"a test\"  leaked <=0\n"
				 "test_pool   *      any threads\n"
				 "bench_x     time   <=1.5ms\n"));
	assert_int_equal(budget.count, 7);
	check(budget_find(&budget, "test_send", NULL, GATE_ALLOCS), 3, BUDGET_MOST, 120);
	check(budget_find(&budget, "test_send", NULL, GATE_PEAK), 4, BUDGET_MOST, 65536);
	assert_string_equal(budget.rules[1].reason, "since the cache, #12");
	check(budget_find(&budget, "test_send", NULL, GATE_BYTES), 5, BUDGET_MORE, 64);
	check(budget_find(&budget, "bench_put", NULL, GATE_TIME), 6, BUDGET_SHARE, 0.08);
	check(budget_find(&budget, "a test", NULL, GATE_LEAKED), 7, BUDGET_MOST, 0);
	check(budget_find(&budget, "test_pool", NULL, GATE_LEAKED_BLOCKS), 8, BUDGET_ANY, 0);
	check(budget_find(&budget, "test_pool", NULL, GATE_TIME), 8, BUDGET_ANY, 0);
	check(budget_find(&budget, "bench_x", NULL, GATE_TIME), 9, BUDGET_MOST, 1.5e6);
	assert_null(budget_find(&budget, "test_send", NULL, GATE_TIME));
	assert_null(budget_find(&budget, "other", NULL, GATE_ALLOCS));
	budget_free(&budget);
}

static void test_budget_last_line_holds(void **state)
{
	struct budget budget;

	(void)state;
	assert_true(budget_parse(&budget, "b", "* allocs <=10\ntest_x allocs <=20\n* bytes <=1MB"));
	check(budget_find(&budget, "test_x", NULL, GATE_ALLOCS), 2, BUDGET_MOST, 20);
	check(budget_find(&budget, "test_y", NULL, GATE_ALLOCS), 1, BUDGET_MOST, 10);
	assert_true(budget.rules[0].is_used);
	assert_false(budget.rules[2].is_used);
	check(budget_find(&budget, "t", "BenchmarkX/size=64", GATE_BYTES), 3, BUDGET_MOST, 1048576);
	budget_free(&budget);
}

static void test_budget_limits_of_time_are_measured(void **state)
{
	struct budget budget;

	(void)state;
	assert_true(budget_parse(&budget, "b",
				 "test_a time <=1ms\ntest_b time +5% x\ntest_c allocs <=5\n"));
	assert_true(budget_limits_time(&budget, "test_a"));
	assert_false(budget_limits_time(&budget, "test_b"));
	assert_false(budget_limits_time(&budget, "test_c"));
	budget_free(&budget);
	assert_true(budget_parse(&budget, "b", "BenchmarkX/* time <=1ms\n"));
	assert_true(budget_limits_time(&budget, "bench_x"));
	budget_free(&budget);
}

static void test_budget_benchmarks_have_their_own_names(void **state)
{
	struct budget budget;

	(void)state;
	assert_true(budget_parse(&budget, "b", "BenchmarkX/size=* time +20% caches\n"));
	assert_non_null(budget_find(&budget, "bench_x", "BenchmarkX/size=64-2", GATE_TIME));
	assert_null(budget_find(&budget, "bench_x", "BenchmarkX/all-2", GATE_TIME));
	assert_null(budget_find(&budget, "bench_x", NULL, GATE_TIME));
	budget_free(&budget);
}

/* stderr of parsing a text, which has to be wrong. */
static char *complaint(const char *text)
{
	static char said[4096];
	struct budget budget;
	int kept = dup(2);
	FILE *file = tmpfile();
	size_t len;

	assert_non_null(file);
	fflush(stderr);
	dup2(fileno(file), 2);
	bool is_good = budget_parse(&budget, "pprof.budget", text);
	fflush(stderr);
	dup2(kept, 2);
	close(kept);
	rewind(file);
	len = fread(said, 1, sizeof said - 1, file);
	said[len] = '\0';
	fclose(file);
	budget_free(&budget);
	assert_false(is_good);
	return said;
}

static void test_budget_what_is_wrong_is_said_with_its_line(void **state)
{
	static const struct {
		const char *text, *said;
	} wrong[] = {
		{"\n\ntest_x\n", "pprof.budget:3: a line is TEST METRIC LIMIT REASON"},
		{"test_x alocs <=1\n",
		 ":1: \"alocs\" is no metric: give one of * allocs bytes peak "
		 "leaked leaked_blocks instructions time"},
		{"#\ntest_x allocs 12\n", ":2: \"12\" is no limit: give <=120, +3, +5% or any"},
		{"test_x allocs <=12kB\n", "\"12kB\" is no limit: give a number like 120"},
		{"test_x allocs <=-3\n", "\"-3\" is no limit"},
		{"test_x allocs <=inf\n", "\"inf\" is no limit"},
		{"test_x bytes <=12kb\n", "\"12kb\" is no limit: give bytes like 512 or 64kB"},
		{"test_x time <=12\n", "\"12\" is no limit: give a time like 250us or 1.5ms"},
		{"test_x time <= \n", "\"\" is no limit"},
		{"test_x time +% x\n", "\"+%\" is no share like +8%"},
		{"test_x * <=5\n", "\"5\" of every metric: only a share (+5%) or `any` can be"},
		{"test_x allocs any\n", "an exception needs a reason: why may test_x have any?"},
		{"test_x allocs +3  \n", "an exception needs a reason: why may test_x have +3?"},
		{"\"test_x allocs any\n", "a line is TEST METRIC LIMIT REASON"},
		{"\"\" allocs any x\n", "a line is TEST METRIC LIMIT REASON"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		const char *said = complaint(wrong[i].text);

		if (strstr(said, wrong[i].said) == NULL)
			fail_msg("%s: %s", wrong[i].text, said);
	}
}

static void test_budget_all_wrong_lines_are_said(void **state)
{
	const char *said = complaint("a\nb\ntest_x allocs <=1\nc\n");
	char many[100] = "";

	(void)state;
	assert_non_null(strstr(said, ":1:"));
	assert_non_null(strstr(said, ":2:"));
	assert_null(strstr(said, ":3:"));
	assert_non_null(strstr(said, ":4:"));
	for (size_t i = 0; i < 14; i++) {
		many[2 * i] = 'x';
		many[2 * i + 1] = '\n';
	}
	said = complaint(many);
	assert_non_null(strstr(said, ":10:"));
	assert_null(strstr(said, ":11:"));
	assert_non_null(strstr(said, "4 more lines are wrong"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_budget_lines_say_what_may_be),
		cmocka_unit_test(test_budget_last_line_holds),
		cmocka_unit_test(test_budget_limits_of_time_are_measured),
		cmocka_unit_test(test_budget_benchmarks_have_their_own_names),
		cmocka_unit_test(test_budget_what_is_wrong_is_said_with_its_line),
		cmocka_unit_test(test_budget_all_wrong_lines_are_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
