/* SPDX-License-Identifier: MIT */
/* links: internal/base/xalloc.c internal/base/utf8.c internal/tool/common/table.c internal/tool/bench/bench_text.c internal/tool/common/bench_stats.c
 * internal/tool/common/bench_stats_rank.c internal/tool/bench/bench_diff.c internal/tool/bench/bench_diff_print.c
 * internal/tool/bench/bench_diff_notes.c internal/tool/common/names.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tool/bench/bench_diff_print.h"

/* Two texts and what came of them. */
struct story {
	struct bench_text old, new;
	struct bench_diff diff;
	char *printed;
};

static void story_begin(struct story *story, const char *old, const char *new)
{
	struct bench_diff_side a = {"old.txt", &story->old}, b = {"new.txt", &story->new};
	size_t size;
	FILE *stream = open_memstream(&story->printed, &size);

	assert_non_null(stream);
	memset(&story->old, 0, sizeof story->old);
	memset(&story->new, 0, sizeof story->new);
	bench_text_parse(&story->old, old, strlen(old));
	bench_text_parse(&story->new, new, strlen(new));
	bench_diff_make(&story->diff, &story->old, &story->new, 0.01);
	bench_diff_print(stream, &story->diff, &a, &b);
	fclose(stream);
}

static void story_end(struct story *story)
{
	bench_diff_free(&story->diff);
	bench_text_free(&story->old);
	bench_text_free(&story->new);
	free(story->printed);
}

static void check_has(const struct story *story, const char *part)
{
	if (strstr(story->printed, part) == NULL)
		fail_msg("not there: %s\nin:\n%s", part, story->printed);
}

static void check_lacks(const struct story *story, const char *part)
{
	if (strstr(story->printed, part) != NULL)
		fail_msg("should not be there: %s\nin:\n%s", part, story->printed);
}

static const struct bench_diff_row *row_of(const struct story *story, const char *name,
					   const char *unit)
{
	for (size_t i = 0; i < story->diff.count; i++)
		if (strcmp(story->diff.rows[i].name, name) == 0 &&
		    strcmp(story->diff.rows[i].unit, unit) == 0)
			return &story->diff.rows[i];
	fail_msg("no row %s %s in\n%s", name, unit, story->printed);
	return NULL;
}

#define RUN(name, value) "Benchmark" name " 100 " value " ns/op\n"
/* Median 103.5; 95 %: 101..106, the 2nd and the 9th of ten. */
static const char ten_of_100[] =
	RUN("A", "99") RUN("A", "101") RUN("A", "102") RUN("A", "103") RUN("A", "103")
		RUN("A", "104") RUN("A", "104") RUN("A", "105") RUN("A", "106") RUN("A", "108");
static const char ten_of_200[] =
	RUN("A", "199") RUN("A", "201") RUN("A", "202") RUN("A", "203") RUN("A", "204")
		RUN("A", "206") RUN("A", "207") RUN("A", "208") RUN("A", "209") RUN("A", "211");

static void test_diff_of_known_numbers(void **state)
{
	struct story story;
	const struct bench_diff_row *row;

	(void)state;
	story_begin(&story, ten_of_100, ten_of_200);
	row = row_of(&story, "BenchmarkA", "ns/op");
	assert_int_equal(row->verdict, BENCH_DIFFERS);
	assert_true(row->old.median == 103.5 && row->new.median == 205);
	assert_true(row->old.interval.low == 101 && row->old.interval.high == 106);
	assert_true(row->test.superiority == 1);
	check_has(&story, "A      103.5 ± 2%  205.0 ± 2%  +98.07% worse  ");
	check_has(&story, "<0.001    10\n");
	story_end(&story);
	story_begin(&story, ten_of_200, ten_of_100);
	check_has(&story, "-49.51% better");
	story_end(&story);
}

static void test_diff_of_the_same_is_no_evidence(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story, ten_of_100, ten_of_100);
	assert_int_equal(row_of(&story, "BenchmarkA", "ns/op")->verdict, BENCH_UNSURE);
	check_has(&story, "A      103.5 ± 2%  103.5 ± 2%       ~  ");
	check_has(&story, "1.000    10\n");
	check_lacks(&story, "#");
	story_end(&story);
}

static void test_diff_too_few_runs_says_how_many(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story, RUN("A", "100") RUN("A", "101"), RUN("A", "200") RUN("A", "201"));
	assert_int_equal(row_of(&story, "BenchmarkA", "ns/op")->verdict, BENCH_UNSURE);
	check_has(&story, "100.5 ± ∞");
	check_has(&story, "it takes 5 of each side at least (Bench_count=5)");
	story_end(&story);
}

/* 6 against 6, the new one above in 29 of 36 pairs. U = 7 is 0.093 in the tables; Noether: (2.576 + 0.842)^2 /
 * (6 * 0.3056^2) = 20.8. */
static void test_diff_of_a_suspicion_says_how_many(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story,
		    RUN("A", "1") RUN("A", "2") RUN("A", "3") RUN("A", "4") RUN("A", "9")
			    RUN("A", "8"),
		    RUN("A", "5") RUN("A", "6") RUN("A", "7") RUN("A", "10") RUN("A", "11")
			    RUN("A", "8.5"));
	assert_int_equal(row_of(&story, "BenchmarkA", "ns/op")->verdict, BENCH_UNSURE);
	check_has(&story, "# A, ns/op: p = 0.093; ");
	check_has(&story, "about 21 runs of each side would show it (Bench_count=21)");
	story_end(&story);
}

#define BOTH(mean, middle) "BenchmarkA 100 " mean " ns/op " middle " p50-ns/op\n"

/* The means as above, the middles apart: 2 of the 924 orders of 6 and 6. */
static void test_diff_goes_by_the_middle_where_the_mean_is_unsure(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story,
		    BOTH("1", "1") BOTH("2", "2") BOTH("3", "3") BOTH("4", "1") BOTH("9", "2")
			    BOTH("8", "3"),
		    BOTH("5", "4") BOTH("6", "5") BOTH("7", "6") BOTH("10", "4") BOTH("11", "5")
			    BOTH("8.5", "6"));
	assert_string_equal(story.diff.rows[0].unit, "p50-ns/op");
	assert_int_equal(row_of(&story, "BenchmarkA", "p50-ns/op")->verdict, BENCH_DIFFERS);
	assert_int_equal(row_of(&story, "BenchmarkA", "ns/op")->verdict, BENCH_UNSURE);
	check_has(&story, "# 1 change in p50-ns/op that ns/op does not show: go by p50-ns/op");
	check_lacks(&story, "# A, ns/op: p = ");
	story_end(&story);
	story_begin(&story, BOTH("1", "1"), BOTH("2", "1"));
	check_lacks(&story, "go by p50-ns/op");
	story_end(&story);
}

static void test_diff_exact_units_need_one_run(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story,
		    "BenchmarkA 1 100 ns/op 64 B/op 3 allocs/op\n"
		    "BenchmarkB 1 100 ns/op 0 B/op 0 allocs/op\n",
		    "BenchmarkA 1 100 ns/op 96 B/op 3 allocs/op\n"
		    "BenchmarkB 1 100 ns/op 16 B/op 1 allocs/op\n");
	assert_int_equal(row_of(&story, "BenchmarkA", "B/op")->verdict, BENCH_CHANGED);
	assert_int_equal(row_of(&story, "BenchmarkA", "allocs/op")->verdict, BENCH_EQUAL);
	check_has(&story, "A      64   96  +50.00% worse  exact ");
	check_has(&story, "B       0   16   from 0 worse  exact ");
	check_has(&story, "exact");
	check_has(&story, "equal");
	story_end(&story);
}

static void test_diff_a_text_says_what_is_better_and_exact(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story, "BenchmarkA 1 5 widgets 7 fish 5 things\n",
		    "Unit widgets better=higher assume=exact\nUnit fish better=lower assume=exact\n"
		    "Unit things assume=exact\nBenchmarkA 1 10 widgets 14 fish 10 things\n");
	check_has(&story, "A          5   10  +100.00% better");
	check_has(&story, "A       7   14  +100.00% worse");
	check_has(&story, "A         5   10  +100.00%  exact ");
	story_end(&story);
}

static void test_diff_more_of_mb_s_is_better(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story,
		    "BenchmarkA 1 10 MB/s\nBenchmarkA 1 11 MB/s\nBenchmarkA 1 12 MB/s\n"
		    "BenchmarkA 1 13 MB/s\nBenchmarkA 1 14 MB/s\n",
		    "BenchmarkA 1 20 MB/s\nBenchmarkA 1 21 MB/s\nBenchmarkA 1 22 MB/s\n"
		    "BenchmarkA 1 23 MB/s\nBenchmarkA 1 24 MB/s\n");
	check_has(&story, "+83.33% better");
	check_has(&story, "0.008     5\n");
	story_end(&story);
}

/* 2 and 8 have the geometric mean 4, 4 and 9 have 6. */
static void test_diff_geomean(void **state)
{
	struct story story;
	double old, new;

	(void)state;
	story_begin(&story, RUN("A", "2") RUN("B", "8"), RUN("A", "4") RUN("B", "9"));
	check_has(&story, "geomean      4.000      6.000  +50.00%\n");
	assert_true(bench_diff_geomean(story.diff.rows, 2, &old, &new));
	story_end(&story);
	story_begin(&story, RUN("A", "0") RUN("B", "8"), RUN("A", "4") RUN("B", "9"));
	assert_false(bench_diff_geomean(story.diff.rows, 2, &old, &new));
	check_lacks(&story, "geomean");
	story_end(&story);
}

static void test_diff_says_what_is_no_fair_comparison(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story, "cpu: one\nflags: -O2\ncommit: abc\n" RUN("A", "1"),
		    "cpu: two\nflags: -O2\ncommit: def\n" RUN("A", "1"));
	check_has(&story, "# no fair comparison: cpu was \"one\" and is \"two\"\n");
	check_lacks(&story, "flags");
	check_has(&story, "old  old.txt, commit abc, 1 result line\n");
	check_has(&story, "new  new.txt, commit def, 1 result line\n");
	story_end(&story);
	story_begin(&story, "cpu: one\n" RUN("A", "1") "cpu: two\n" RUN("A", "1"),
		    "cpu: two\n" RUN("A", "1"));
	check_has(&story, "# no fair comparison: cpu changes within the old text\n");
	story_end(&story);
}

static void test_diff_names_of_one_side_are_listed(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story, RUN("A", "1") RUN("B", "1") RUN("B", "2"),
		    RUN("A", "1") RUN("C", "1") RUN("D", "1") RUN("E", "1") RUN("F", "1")
			    RUN("G", "1") RUN("H", "1"));
	assert_int_equal(story.diff.count, 1);
	check_has(&story, "# only in the old: B\n");
	check_has(&story, "# only in the new: C, D, E, F, G and 1 more\n");
	story_end(&story);
}

static void test_diff_units_come_in_order(void **state)
{
	struct story story;
	static const char *const units[] = {"ns/op", "ns/op", "MB/s", "allocs/op", "a", "z"};

	(void)state;
	story_begin(&story, "BenchmarkB 1 1 z 1 a 1 allocs/op 1 MB/s 1 ns/op\n" RUN("A", "1"),
		    "BenchmarkB 1 1 z 1 a 1 allocs/op 1 MB/s 1 ns/op\n" RUN("A", "1"));
	assert_int_equal(story.diff.count, 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(story.diff.rows[i].unit, units[i]);
	/* As the text has them, not by name. */
	assert_string_equal(story.diff.rows[0].name, "BenchmarkB");
	story_end(&story);
}

static void test_diff_packages_are_told_apart_where_there_are_several(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story, "pkg: one\n" RUN("A", "1"), "pkg: moved\n" RUN("A", "1"));
	assert_int_equal(story.diff.count, 1);
	check_lacks(&story, "one A");
	story_end(&story);
	story_begin(&story, "pkg: one\n" RUN("A", "1") "pkg: two\n" RUN("A", "5"),
		    "pkg: two\n" RUN("A", "5") "pkg: one\n" RUN("A", "1"));
	assert_int_equal(story.diff.count, 2);
	check_has(&story, "two A");
	assert_int_equal(story.diff.rows[0].verdict, BENCH_EQUAL);
	assert_int_equal(story.diff.rows[1].verdict, BENCH_EQUAL);
	story_end(&story);
}

static void test_diff_damage_is_said(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story, RUN("A", "1") "BenchmarkB 1\nBenchmarkC x 1 ns/op\n", RUN("A", "1"));
	check_has(&story,
		  "# old: 2 lines that begin like a result are none; line 2: it has no figures");
	story_end(&story);
}

static void test_diff_hostile_names_do_not_reach_the_terminal(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story, "cpu: \033[2J\n" RUN("A\033]0;x\007", "1"), RUN("A\033]0;x\007", "1"));
	assert_null(strchr(story.printed, '\033'));
	assert_null(strchr(story.printed, '\007'));
	check_has(&story, "A\\x1b]0;x\\x07");
	story_end(&story);
}

static void test_diff_numbers_have_four_digits(void **state)
{
	static const struct {
		double value;
		const char *text;
	} known[] = {
		{0, "0"},	   {1203341, "1203341"}, {829.44, "829.4"},   {99.996, "100.0"},
		{61.234, "61.23"}, {3.1, "3.100"},	 {0.0471, "0.04710"}, {999.96, "1000"},
		{-2.5, "-2.500"},  {1e-9, "0.0000000"},	 {9.9996, "10.00"}};

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		char *text = bench_diff_number(known[i].value);

		assert_string_equal(text, known[i].text);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_diff_of_known_numbers),
		cmocka_unit_test(test_diff_of_the_same_is_no_evidence),
		cmocka_unit_test(test_diff_too_few_runs_says_how_many),
		cmocka_unit_test(test_diff_of_a_suspicion_says_how_many),
		cmocka_unit_test(test_diff_goes_by_the_middle_where_the_mean_is_unsure),
		cmocka_unit_test(test_diff_exact_units_need_one_run),
		cmocka_unit_test(test_diff_a_text_says_what_is_better_and_exact),
		cmocka_unit_test(test_diff_more_of_mb_s_is_better),
		cmocka_unit_test(test_diff_geomean),
		cmocka_unit_test(test_diff_says_what_is_no_fair_comparison),
		cmocka_unit_test(test_diff_names_of_one_side_are_listed),
		cmocka_unit_test(test_diff_units_come_in_order),
		cmocka_unit_test(test_diff_packages_are_told_apart_where_there_are_several),
		cmocka_unit_test(test_diff_damage_is_said),
		cmocka_unit_test(test_diff_hostile_names_do_not_reach_the_terminal),
		cmocka_unit_test(test_diff_numbers_have_four_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
