/* SPDX-License-Identifier: MIT */
/* links: internal/base/arena.c internal/base/set.c internal/base/utf8.c internal/base/xalloc.c
 * internal/format/gunzip.c internal/format/write_file.c internal/format/profile*.c internal/tool/profile/frames.c internal/tool/profile/top.c
 * internal/tool/profile/profile_diff.c internal/tool/profile/profile_runs.c internal/tool/common/count_stats.c internal/tool/common/bench_stats.c
 * internal/tool/common/bench_stats_rank.c internal/tool/profile/kinds.c internal/tool/common/names.c internal/tool/tool.c */
/* Functions of two sides by what has changed: profiles whose difference is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "profile_example.h"
#include "profile_stacks.h"
#include "tool/profile/profile_diff.h"

#define RUNS_MAX 6

/* Sides made in memory. */
struct made {
	struct profile *old[RUNS_MAX], *new[RUNS_MAX];
	size_t types[RUNS_MAX];
	struct profile_runs old_runs, new_runs;
	struct profile_diff diff;
};

static struct profile *profile_of(const char *comment)
{
	struct profile *profile = stacks_profile();

	if (comment != NULL)
		profile_add_comment(profile, comment);
	return profile;
}

static void compare(struct made *made, size_t old_runs, size_t new_runs, const char *kind)
{
	made->old_runs = (struct profile_runs){.profiles = made->old, .count = old_runs};
	made->new_runs = (struct profile_runs){.profiles = made->new, .count = new_runs};
	made->diff = (struct profile_diff){.old = {.runs = &made->old_runs, .types = made->types},
					   .new = {.runs = &made->new_runs, .types = made->types},
					   .type = "samples",
					   .unit = "count",
					   .is_normalised = made->diff.is_normalised};
	profile_diff_make(&made->diff, kind_find(kind), 0.01);
}

static void clean(struct made *made)
{
	profile_diff_free(&made->diff);
	for (size_t i = 0; i < RUNS_MAX; i++) {
		profile_free(made->old[i]);
		profile_free(made->new[i]);
	}
}

static const struct profile_diff_row *row(const struct made *made, const char *name)
{
	const struct profile_diff_row *found = NULL;

	for (size_t i = 0; i < made->diff.count; i++)
		if (strcmp(made->diff.rows[i].name, name) == 0) {
			assert_null(found);
			found = &made->diff.rows[i];
		}
	if (found == NULL)
		fail_msg("no row %s", name);
	return found;
}

static void check(const struct profile_diff_figure *figure, double old, double new,
		  enum profile_diff_verdict verdict)
{
	if (figure->old != old || figure->new != new || figure->verdict != verdict)
		fail_msg("%g -> %g, verdict %d, p %g; not %g -> %g, %d", figure->old, figure->new,
			 figure->verdict, figure->p, old, new, verdict);
}

/* 10 runs and 20: a has 40 samples a run on both sides, b 5 and 10. */
static void test_diff_figures_are_of_one_run_of_the_test(void **state)
{
	struct made made = {0};

	(void)state;
	made.old[0] = profile_of("test x of y; 7 runs; z: passed; 10 runs; 0 lost, 0 stacks cut");
	made.new[0] = profile_of("test x of y: passed; 20 runs; 0 lost, 0 stacks cut");
	stacks_add(made.old[0], "am", 400);
	stacks_add(made.old[0], "bm", 50);
	stacks_add(made.new[0], "am", 800);
	stacks_add(made.new[0], "bm", 200);
	compare(&made, 1, 1, "cpu");
	check(&row(&made, "a")->self, 40, 40, PROFILE_DIFF_NOISE);
	check(&row(&made, "b")->self, 5, 10, PROFILE_DIFF_CHANGED);
	check(&row(&made, "m")->self, 0, 0, PROFILE_DIFF_NOISE);
	check(&row(&made, "m")->all, 45, 50, PROFILE_DIFF_NOISE);
	check(&made.diff.total, 45, 50, PROFILE_DIFF_NOISE);
	assert_true(made.diff.is_a_run);
	assert_int_equal(made.diff.old.repeats, 10);
	clean(&made);
}

static void test_diff_functions_of_one_side_only(void **state)
{
	struct made made = {0};

	(void)state;
	made.old[0] = profile_of(NULL);
	made.new[0] = profile_of(NULL);
	stacks_add(made.old[0], "a", 1000);
	stacks_add(made.new[0], "b", 1000);
	stacks_add(made.new[0], "c", 3);
	compare(&made, 1, 1, "cpu");
	check(&row(&made, "a")->self, 1000, 0, PROFILE_DIFF_CHANGED);
	check(&row(&made, "b")->self, 0, 1000, PROFILE_DIFF_CHANGED);
	check(&row(&made, "c")->self, 0, 3, PROFILE_DIFF_NOISE);
	assert_false(made.diff.is_a_run);
	clean(&made);
}

/* Twice as much of everything but c: of shares, nothing but c has changed. */
static void test_diff_shares(void **state)
{
	struct made made = {.diff = {.is_normalised = true}};

	(void)state;
	made.old[0] = profile_of(NULL);
	made.new[0] = profile_of(NULL);
	stacks_add(made.old[0], "a", 5000);
	stacks_add(made.old[0], "c", 5);
	stacks_add(made.new[0], "a", 10000);
	stacks_add(made.new[0], "c", 200);
	compare(&made, 1, 1, "cpu");
	assert_int_equal(row(&made, "a")->self.verdict, PROFILE_DIFF_NOISE);
	assert_int_equal(row(&made, "c")->self.verdict, PROFILE_DIFF_CHANGED);
	assert_true(row(&made, "a")->self.old > 10100 && row(&made, "a")->self.old < 10200);
	clean(&made);
}

/* 20 % more would be a change in one run of 10,000 samples; the runs of either side are 40 % apart. */
static void test_diff_runs_that_vary_are_noise(void **state)
{
	static const int64_t values[] = {8000, 12000, 10000};
	struct made made = {0};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		made.old[i] = profile_of(NULL);
		made.new[i] = profile_of(NULL);
		stacks_add(made.old[i], "a", values[i]);
		stacks_add(made.new[i], "a", values[i] * 6 / 5);
		stacks_add(made.old[i], "b", 1000);
		stacks_add(made.new[i], "b", 2000);
	}
	compare(&made, 3, 3, "cpu");
	check(&row(&made, "a")->self, 10000, 12000, PROFILE_DIFF_NOISE);
	check(&row(&made, "b")->self, 1000, 2000, PROFILE_DIFF_CHANGED);
	clean(&made);
}

static void test_diff_allocations_are_exact(void **state)
{
	struct made made = {0};

	(void)state;
	made.old[0] = profile_of(NULL);
	made.new[0] = profile_of(NULL);
	stacks_add(made.old[0], "a", 100);
	stacks_add(made.old[0], "b", 7);
	stacks_add(made.new[0], "a", 101);
	stacks_add(made.new[0], "b", 7);
	compare(&made, 1, 1, "mem");
	check(&row(&made, "a")->self, 100, 101, PROFILE_DIFF_EXACT);
	check(&row(&made, "b")->self, 7, 7, PROFILE_DIFF_EQUAL);
	clean(&made);
}

static void test_diff_allocations_that_vary_are_not(void **state)
{
	struct made made = {0};

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		made.old[i] = profile_of(NULL);
		made.new[i] = profile_of(NULL);
		stacks_add(made.old[i], "a", 100 + (int64_t)(i % 3));
		stacks_add(made.new[i], "a", 100 + (int64_t)((i + 1) % 3));
		stacks_add(made.old[i], "b", 50 + (int64_t)i);
		stacks_add(made.new[i], "b", 90 + (int64_t)i);
	}
	compare(&made, 6, 6, "mem");
	check(&row(&made, "a")->self, 101, 101, PROFILE_DIFF_NOISE);
	check(&row(&made, "b")->self, 52.5, 92.5, PROFILE_DIFF_CHANGED);
	clean(&made);
}

static void test_diff_one_wait_each_says_nothing(void **state)
{
	struct made made = {0};

	(void)state;
	made.old[0] = profile_of(NULL);
	made.new[0] = profile_of(NULL);
	stacks_add(made.old[0], "a", 1000000);
	stacks_add(made.new[0], "a", 5000000);
	compare(&made, 1, 1, "block");
	check(&row(&made, "a")->self, 1000000, 5000000, PROFILE_DIFF_UNKNOWN);
	clean(&made);
}

static void add_in(struct profile *profile, const char *name, const char *file, uint64_t address,
		   int64_t value)
{
	struct profile_function function = {name, name, file, 1};
	struct profile_line line = {profile_add_function(profile, &function), 1};
	struct profile_location location = {0, address, 1, &line};
	uint64_t stack = profile_add_location(profile, &location);
	struct profile_sample sample = {
		.location_count = 1, .locations = &stack, .values = {value}};

	profile_add_sample(profile, &sample);
}

/* A checkout elsewhere has other folders; two files of one name have their folders to be told by. */
static void test_diff_files_are_found_in_other_folders(void **state)
{
	struct made made = {0};
	size_t inits = 0;

	(void)state;
	made.old[0] = profile_of(NULL);
	made.new[0] = profile_of(NULL);
	add_in(made.old[0], "work", "/base/lib/work.c", 1, 100);
	add_in(made.new[0], "work", "/here/lib/work.c", 1, 100);
	add_in(made.old[0], "init", "/a/x.c", 2, 10);
	add_in(made.old[0], "init", "/b/x.c", 3, 20);
	add_in(made.new[0], "init", "/a/x.c", 2, 10);
	add_in(made.new[0], "init", "/b/x.c", 3, 20);
	compare(&made, 1, 1, "mem");
	check(&row(&made, "work")->self, 100, 100, PROFILE_DIFF_EQUAL);
	assert_string_equal(row(&made, "work")->file, "/here/lib/work.c");
	for (size_t i = 0; i < made.diff.count; i++)
		if (strcmp(made.diff.rows[i].name, "init") == 0) {
			assert_int_equal(made.diff.rows[i].self.verdict, PROFILE_DIFF_EQUAL);
			inits++;
		}
	assert_int_equal(inits, 2);
	clean(&made);
}

static void write_to(const char *folder, const char *sub, const char *file)
{
	struct profile *profile = profile_of("test x of y: passed; 3 runs; 0 lost");
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, sub);
	mkdir(path, 0777);
	snprintf(path, sizeof(path), "%s/%s/%s", folder, sub, file);
	stacks_add(profile, "a", 1);
	assert_int_equal(profile_write(profile, path), 0);
	profile_free(profile);
}

static void test_diff_runs_are_a_file_or_a_folder_and_its_folders(void **state)
{
	char *folder = example_folder();
	struct profile_runs runs;
	struct profile *merged;

	(void)state;
	assert_non_null(folder);
	write_to(folder, ".", "x.cpu.pb.gz");
	write_to(folder, "1", "x.cpu.pb.gz");
	write_to(folder, "10", "x.cpu.pb.gz");
	write_to(folder, "2", "x.cpu.pb.gz");
	write_to(folder, "2", "other.cpu.pb.gz");
	write_to(folder, ".hidden", "x.cpu.pb.gz");
	assert_true(profile_runs_read(&runs, kind_find("cpu"), "x", folder));
	assert_int_equal(runs.count, 4);
	assert_non_null(strstr(runs.paths[1], "/1/x"));
	assert_non_null(strstr(runs.paths[3], "/10/x"));
	assert_int_equal(profile_repeats(runs.profiles[0]), 3);
	merged = profile_runs_merged(&runs);
	assert_int_equal(profile_sum(merged, 0), 4);
	profile_scale(merged, 2.5);
	assert_int_equal(profile_sum(merged, 0), 10);
	profile_free(merged);
	profile_runs_free(&runs);
	assert_true(profile_runs_read(&runs, kind_find("mem"), "x", folder));
	assert_int_equal(runs.count, 0);
	profile_runs_free(&runs);
	assert_false(profile_runs_read(&runs, kind_find("mem"), "x", "/nowhere"));
	profile_runs_free(&runs);
	example_clean(folder);
}

static void test_diff_repeats_of_several_tests_are_not_known(void **state)
{
	struct profile *profile = profile_of("test x of y: passed; 3 runs; 0 lost");

	(void)state;
	assert_int_equal(profile_repeats(profile), 3);
	profile_add_comment(profile, "pprof.mk 1; 9 runs; x");
	assert_int_equal(profile_repeats(profile), 3);
	profile_add_comment(profile, "test z of y: passed; 4 runs; 0 lost");
	assert_int_equal(profile_repeats(profile), 0);
	profile_free(profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_diff_figures_are_of_one_run_of_the_test),
		cmocka_unit_test(test_diff_functions_of_one_side_only),
		cmocka_unit_test(test_diff_shares),
		cmocka_unit_test(test_diff_runs_that_vary_are_noise),
		cmocka_unit_test(test_diff_allocations_are_exact),
		cmocka_unit_test(test_diff_allocations_that_vary_are_not),
		cmocka_unit_test(test_diff_one_wait_each_says_nothing),
		cmocka_unit_test(test_diff_files_are_found_in_other_folders),
		cmocka_unit_test(test_diff_runs_are_a_file_or_a_folder_and_its_folders),
		cmocka_unit_test(test_diff_repeats_of_several_tests_are_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
