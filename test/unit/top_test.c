/* SPDX-License-Identifier: MIT */
/* links: internal/base/arena.c internal/base/set.c internal/base/utf8.c internal/base/xalloc.c
 * internal/format/gunzip.c internal/format/profile*.c internal/format/write_file.c internal/tool/profile/frames.c internal/tool/profile/top.c internal/tool/profile/top_print.c
 * internal/tool/common/human.c internal/tool/profile/pprof_program.c internal/tool/common/command_output.c internal/tool/tool.c */
/* Flat and cumulative figures, by arithmetic and by pprof's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "profile_example.h"
#include "profile_stacks.h"
#include "tool/profile/pprof_program.h"
#include "tool/profile/top.h"

static const struct top_row *row_named(const struct top *top, const char *name)
{
	for (size_t i = 0; i < top->row_count; i++) {
		if (strcmp(top->rows[i].name, name) == 0)
			return &top->rows[i];
	}
	fail_msg("no row %s", name);
	return NULL;
}

static void check_row(const struct top *top, const char *name, int64_t flat, int64_t cum)
{
	const struct top_row *row = row_named(top, name);

	if (row->flat != flat || row->cum != cum)
		fail_msg("%s: %ld flat %ld cum, not %ld and %ld", name, (long)row->flat,
			 (long)row->cum, (long)flat, (long)cum);
}

static void test_top_inlined_calls_count_as_functions(void **state)
{
	struct profile *profile = example_profile();
	struct top *top = top_new(profile, 1);

	(void)state;
	assert_int_equal(top->total, 4000000);
	assert_int_equal(top->row_count, 3);
	check_row(top, "helper", 3000000, 3000000);
	check_row(top, "leaf", 0, 3000000);
	check_row(top, "main", 1000000, 4000000);
	assert_string_equal(top->rows[0].name, "helper");
	assert_string_equal(top->rows[1].name, "main");
	assert_int_equal(row_named(top, "leaf")->line, 10);
	top_free(top);
	profile_free(profile);
}

static void test_top_recursive_function_counts_once(void **state)
{
	struct profile *profile = stacks_profile();
	struct top *top;

	(void)state;
	stacks_add(profile, "faabam", 5);
	stacks_add(profile, "aaam", 2);
	top = top_new(profile, 0);
	assert_int_equal(top->total, 7);
	check_row(top, "a", 2, 7);
	check_row(top, "b", 0, 5);
	check_row(top, "f", 5, 5);
	check_row(top, "m", 0, 7);
	top_free(top);
	profile_free(profile);
}

static void test_top_order_does_not_depend_on_the_file(void **state)
{
	struct profile *profile = stacks_profile();
	struct top *top;

	(void)state;
	stacks_add(profile, "dz", 3);
	stacks_add(profile, "bz", 3);
	stacks_add(profile, "cbz", 3);
	top = top_new(profile, 0);
	assert_int_equal(top->row_count, 4);
	/* 3 flat each: b has more cum; c and d by name. */
	assert_string_equal(top->rows[0].name, "b");
	assert_string_equal(top->rows[1].name, "c");
	assert_string_equal(top->rows[2].name, "d");
	assert_string_equal(top->rows[3].name, "z");
	top_free(top);
	profile_free(profile);
}

static void test_top_functions_of_one_name_in_two_files_are_two(void **state)
{
	struct profile *profile = stacks_profile();
	struct profile_function functions[] = {{"init", "init", "a.c", 1},
					       {"init", "init", "b.c", 9}};
	struct top *top;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct profile_line line = {profile_add_function(profile, &functions[i]), 2};
		struct profile_location location = {0, i, 1, &line};
		uint64_t id = profile_add_location(profile, &location);
		struct profile_sample sample = {
			.location_count = 1, .locations = &id, .values = {(int64_t)i + 1}};

		profile_add_sample(profile, &sample);
	}
	top = top_new(profile, 0);
	assert_int_equal(top->row_count, 2);
	assert_string_equal(top->rows[0].file, "b.c");
	assert_int_equal(top->rows[0].flat, 2);
	assert_int_equal(top->rows[1].flat, 1);
	top_free(top);
	profile_free(profile);
}

static void test_top_addresses_without_names_are_their_library(void **state)
{
	struct profile *profile = stacks_profile();
	struct profile_mapping library = {
		.start = 0x1000, .limit = 0x3000, .path = "/usr/lib/libz.so.1", .build_id = ""};
	struct profile_mapping kernel = {
		.start = 0x5000, .limit = 0x6000, .path = "[vdso]", .build_id = ""};
	struct profile_location locations[] = {
		{profile_add_mapping(profile, &library), 0x1234, 0, NULL},
		{1, 0x2345, 0, NULL},
		{profile_add_mapping(profile, &kernel), 0x5000, 0, NULL},
		{0, 0x77, 0, NULL}};
	struct top *top;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		uint64_t id = profile_add_location(profile, &locations[i]);
		struct profile_sample sample = {
			.location_count = 1, .locations = &id, .values = {1}};

		profile_add_sample(profile, &sample);
	}
	top = top_new(profile, 0);
	check_row(top, "[libz.so.1]", 2, 2);
	check_row(top, "[vdso]", 1, 1);
	check_row(top, "<unknown>", 1, 1);
	top_free(top);
	profile_free(profile);
}

static void test_top_of_nothing_has_no_rows(void **state)
{
	struct profile *profile = stacks_profile();
	struct top *top;

	(void)state;
	stacks_add(profile, "ab", 0);
	top = top_new(profile, 0);
	assert_int_equal(top->row_count, 0);
	assert_int_equal(top->total, 0);
	top_free(top);
	profile_free(profile);
}

static void check_printed(const struct profile *profile, size_t rows, const char *expected)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	top_print(stream, profile, 1, rows);
	fclose(stream);
	assert_string_equal(text, expected);
	free(text);
}

static void test_top_prints_an_aligned_table(void **state)
{
	struct profile *profile = example_profile();

	(void)state;
	check_printed(profile, 10,
		      "      flat   flat%        cum    cum%  function\n"
		      "       3ms  75.00%        3ms  75.00%  helper (leaf.h:3)\n"
		      "       1ms  25.00%        4ms 100.00%  main (main.c:1)\n"
		      "         0   0.00%        3ms  75.00%  leaf (leaf.c:10)\n");
	check_printed(profile, 1,
		      "      flat   flat%        cum    cum%  function\n"
		      "       3ms  75.00%        3ms  75.00%  helper (leaf.h:3)\n"
		      "       ... 2 more\n");
	profile->sample_count = 0;
	check_printed(profile, 10, "         0  nothing to show\n");
	profile_free(profile);
}

/* pprof's figures of a file, row by row: "flat flat% sum% cum cum% name", in the unit asked for. */
static size_t compare_with_pprof(const struct top *top, FILE *table)
{
	char line[512];
	size_t rows = 0;

	while (fgets(line, sizeof(line), table)) {
		char name[256];
		double flat, cum;

		if (sscanf(line, " %lf %*s %*s %lf %*s %255s", &flat, &cum, name) != 3)
			continue;
		check_row(top, name, (int64_t)flat, (int64_t)cum);
		rows++;
	}
	return rows;
}

static void test_top_figures_are_those_of_pprof(void **state)
{
	struct profile *profile = stacks_profile();
	struct pprof_program program;
	char *folder = example_folder(), *problem, command[1024];
	struct top *top;
	unsigned random = 7;
	int error = pprof_program_find(&program, &problem);

	(void)state;
	free(problem);
	if (error) {
		print_message("no pprof\n");
		pprof_program_free(&program);
		skip();
	}
	/* 200 stacks of up to 12 of 12 functions: recursion of every sort. */
	for (int i = 0; i < 200; i++) {
		char stack[16] = "";

		for (unsigned j = 0, len = 1 + (random = random * 1103515245 + 12345) % 12; j < len;
		     j++)
			stack[j] =
				(char)('a' + ((random = random * 1103515245 + 12345) >> 16) % 12);
		stacks_add(profile, stack, 1 + i % 17);
	}
	snprintf(command, sizeof(command), "%s/x.pb.gz", folder);
	assert_int_equal(profile_write(profile, command), 0);
	snprintf(command, sizeof(command),
		 "%s %s %s -symbolize=none -top -nodecount=0 -nodefraction=0 %s/x.pb.gz 2>&1",
		 program.words[0], program.words[1] ? program.words[1] : "",
		 program.words[2] ? program.words[2] : "", folder);
	top = top_new(profile, 0);
	FILE *table = popen(command, "r");
	assert_int_equal(compare_with_pprof(top, table), top->row_count);
	assert_int_equal(top->row_count, 12);
	pclose(table);
	top_free(top);
	profile_free(profile);
	pprof_program_free(&program);
	example_clean(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_top_inlined_calls_count_as_functions),
		cmocka_unit_test(test_top_recursive_function_counts_once),
		cmocka_unit_test(test_top_order_does_not_depend_on_the_file),
		cmocka_unit_test(test_top_functions_of_one_name_in_two_files_are_two),
		cmocka_unit_test(test_top_addresses_without_names_are_their_library),
		cmocka_unit_test(test_top_of_nothing_has_no_rows),
		cmocka_unit_test(test_top_prints_an_aligned_table),
		cmocka_unit_test(test_top_figures_are_those_of_pprof),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
