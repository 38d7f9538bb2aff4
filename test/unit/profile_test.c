/* SPDX-License-Identifier: MIT */
/* links: internal/base/arena.c internal/base/set.c internal/base/utf8.c internal/base/xalloc.c
 * internal/format/gunzip.c internal/format/profile*.c internal/format/write_file.c */
/* Profiles in memory, and what comes back after writing. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "profile_example.h"
#include "sanitized.h"

static char *folder, *path;

static int make_folder(void **state)
{
	(void)state;
	folder = example_folder();
	return !folder || asprintf(&path, "%s/x.pb.gz", folder) < 0;
}

static int remove_folder(void **state)
{
	(void)state;
	example_clean(folder);
	free(path);
	return 0;
}

static struct profile *written_and_read(const struct profile *profile)
{
	char error[256] = "";
	struct profile *again;

	assert_int_equal(profile_write(profile, path), 0);
	again = profile_read(path, error, sizeof(error));
	assert_string_equal(error, "");
	assert_non_null(again);
	return again;
}

static void test_profile_strings_are_interned(void **state)
{
	struct profile *profile = profile_new();
	char text[] = "name";
	const char *first = profile_string(profile, text);

	(void)state;
	text[0] = 'g';
	assert_string_equal(first, "name");
	assert_ptr_equal(first, profile_string(profile, "name"));
	assert_ptr_not_equal(first, profile_string(profile, text));
	profile_free(profile);
}

static void test_profile_equal_things_have_one_id(void **state)
{
	struct profile *profile = example_profile();
	struct profile_function leaf = {"leaf", "leaf", "leaf.c", 10};
	struct profile_function other = {"leaf", "leaf", "leaf.c", 11};
	struct profile_line line = {3, 5};
	struct profile_location in_main = {1, 0x400100, 1, &line};
	struct profile_mapping mapping = profile->mappings[0];

	(void)state;
	assert_int_equal(profile_add_function(profile, &leaf), 2);
	assert_int_equal(profile_add_function(profile, &other), 4);
	assert_int_equal(profile_add_location(profile, &in_main), 2);
	line.line = 6;
	assert_int_equal(profile_add_location(profile, &in_main), 3);
	assert_int_equal(profile_add_mapping(profile, &mapping), 1);
	mapping.build_id = "00fe";
	assert_int_equal(profile_add_mapping(profile, &mapping), 2);
	profile_free(profile);
}

static void test_profile_equal_samples_are_added(void **state)
{
	struct profile *profile = example_profile();
	struct profile_label swapped[] = {{"test", "test_x"}, {"empty", ""}, {"thread", "worker"}};
	struct profile_sample sample = profile->samples[0];

	(void)state;
	sample.labels = swapped;
	sample.label_count = 3;
	profile_add_sample(profile, &sample);
	assert_int_equal(profile->sample_count, 2);
	assert_int_equal(profile->samples[0].values[0], 6);
	assert_int_equal(profile->samples[0].values[1], 6000000);
	swapped[0].value = "test_y";
	profile_add_sample(profile, &sample);
	assert_int_equal(profile->sample_count, 3);
	profile_free(profile);
}

static void test_profile_sums_stop_at_the_end(void **state)
{
	struct profile *profile = example_profile();
	struct profile_sample sample = profile->samples[1];

	(void)state;
	sample.values[0] = INT64_MAX;
	profile_add_sample(profile, &sample);
	assert_true(profile->samples[1].values[0] == INT64_MAX);
	profile_free(profile);
}

/* Ten thousand of each, so that every table has grown several times. */
static void test_profile_finds_many(void **state)
{
	struct profile *profile = profile_new();
	struct profile *again;

	(void)state;
	profile_add_type(profile, "samples", "count");
	for (int round = 0; round < 2; round++) {
		for (uint64_t i = 0; i < 10000; i++) {
			char name[32];
			struct profile_function function = {name, name, "x.c", (int64_t)i};
			struct profile_line line = {0, 1};
			struct profile_location location = {0, i, 1, &line};
			struct profile_sample sample = {.location_count = 1, .values = {1}};
			uint64_t id;

			snprintf(name, sizeof(name), "f%d", (int)i);
			line.function = profile_add_function(profile, &function);
			assert_int_equal(line.function, i + 1);
			id = profile_add_location(profile, &location);
			assert_int_equal(id, i + 1);
			sample.locations = &id;
			profile_add_sample(profile, &sample);
		}
	}
	again = written_and_read(profile);
	assert_int_equal(again->sample_count, 10000);
	assert_int_equal(again->samples[9999].values[0], 2);
	assert_string_equal(again->functions[9999].name, "f9999");
	profile_free(again);
	profile_free(profile);
}

static void test_profile_comes_back_as_written(void **state)
{
	struct profile *profile = example_profile();
	struct profile *again = written_and_read(profile);

	(void)state;
	assert_int_equal(again->type_count, 2);
	assert_string_equal(again->types[1].type, "cpu");
	assert_string_equal(again->types[1].unit, "nanoseconds");
	assert_string_equal(again->default_type, "cpu");
	assert_string_equal(again->period_type.type, "cpu");
	assert_int_equal(again->period, 1000000);
	assert_true(again->time_nanos == profile->time_nanos);
	assert_int_equal(again->duration_nanos, 500000000);
	assert_int_equal(again->comment_count, 1);
	assert_string_equal(again->comments[0], "made by hand");
	assert_int_equal(again->mapping_count, 1);
	assert_int_equal(again->mappings[0].limit, 0x401000);
	assert_string_equal(again->mappings[0].build_id, "00ff");
	assert_true(again->mappings[0].has_inlines);
	assert_int_equal(again->locations[0].line_count, 2);
	assert_int_equal(again->locations[0].lines[1].line, 12);
	assert_string_equal(again->functions[again->locations[0].lines[0].function - 1].name,
			    "helper");
	assert_int_equal(again->sample_count, 2);
	assert_int_equal(again->samples[0].location_count, 2);
	assert_int_equal(again->samples[0].values[1], 3000000);
	assert_int_equal(again->samples[0].label_count, 2);
	assert_string_equal(again->samples[0].labels[1].value, "worker");
	profile_free(again);
	profile_free(profile);
}

static void test_profile_size_of_blocks_comes_back_and_makes_no_difference(void **state)
{
	struct profile *profile = example_profile();
	struct profile_sample sample = profile->samples[0];
	struct profile *again;

	(void)state;
	profile->samples[0].block_bytes = 48;
	sample.block_bytes = 64;
	profile_add_sample(profile, &sample);
	again = written_and_read(profile);
	assert_int_equal(2, again->sample_count);
	assert_int_equal(2 * sample.values[0], again->samples[0].values[0]);
	assert_int_equal(48, again->samples[0].block_bytes);
	assert_int_equal(2, again->samples[0].label_count);
	assert_int_equal(0, again->samples[1].block_bytes);
	profile_free(again);
	profile_free(profile);
}

static void test_profile_empty_one_comes_back(void **state)
{
	struct profile *profile = profile_new();
	struct profile *again = written_and_read(profile);

	(void)state;
	assert_int_equal(again->type_count, 0);
	assert_int_equal(again->sample_count, 0);
	profile_free(again);
	profile_free(profile);
}

/* comm holds 15 bytes, and cuts a name inside a character. */
static void test_profile_repairs_what_is_no_utf8(void **state)
{
	struct profile *profile = example_profile();
	struct profile_label label = {"thread", "K\xc3\xb6ln \xc3"};
	struct profile_sample sample = profile->samples[1];
	struct profile *again;

	(void)state;
	sample.labels = &label;
	sample.label_count = 1;
	profile_add_sample(profile, &sample);
	again = written_and_read(profile);
	assert_string_equal(again->samples[2].labels[0].value, "K\xc3\xb6ln \xef\xbf\xbd");
	profile_free(again);
	profile_free(profile);
}

static void test_profile_equal_ones_make_equal_files(void **state)
{
	struct profile *profile = example_profile();
	char command[256], one[64], two[64];

	(void)state;
	snprintf(command, sizeof(command), "sha256sum <%s", path);
	assert_int_equal(profile_write(profile, path), 0);
	example_output(command, one, sizeof(one));
	profile_free(profile);
	profile = example_profile();
	assert_int_equal(profile_write(profile, path), 0);
	example_output(command, two, sizeof(two));
	assert_string_equal(one, two);
	assert_int_equal(strlen(one), 63);
	profile_free(profile);
}

static void test_profile_file_has_the_rights_of_the_umask(void **state)
{
	struct profile *profile = example_profile();
	mode_t before = umask(027);
	struct stat info;

	(void)state;
	assert_int_equal(unlink(path), 0);
	assert_int_equal(profile_write(profile, path), 0);
	umask(before);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0640);
	profile_free(profile);
}

static void test_profile_write_says_what_went_wrong(void **state)
{
	struct profile *profile = example_profile();

	(void)state;
	assert_int_equal(profile_write(profile, "/nonexistent/x.pb.gz"), -ENOENT);
	assert_int_equal(profile_write(profile, folder), -EISDIR); /* rename() onto it */
	assert_int_equal(example_count(folder), 1);
	profile_free(profile);
}

/* Status of writing in a process whose files may have so many bytes: the last write before is short. */
static int write_limited(const struct profile *profile, rlim_t limit)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		struct rlimit files = {limit, limit};

		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &files);
		_exit(profile_write(profile, path) == -EFBIG ? 1 : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_profile_full_disk_leaves_the_old_file_and_nothing_else(void **state)
{
	struct profile *profile = example_profile();
	struct stat info, after;

	(void)state;
	assert_int_equal(profile_write(profile, path), 0);
	assert_int_equal(stat(path, &info), 0);
	/* A process each. */
	for (rlim_t limit = 0; limit < (rlim_t)info.st_size; limit += is_slowed() ? 7 : 1) {
		assert_int_equal(write_limited(profile, limit), 1);
		assert_int_equal(example_count(folder), 1);
	}
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(after.st_ino, info.st_ino);
	assert_int_equal(write_limited(profile, (rlim_t)info.st_size), 0);
	profile_free(profile);
}

static void test_profile_merge_adds_up(void **state)
{
	struct profile *into = example_profile();
	struct profile *from = example_profile();

	(void)state;
	from->time_nanos -= 5;
	profile_add_comment(from, "second");
	assert_int_equal(profile_merge(into, from), 0);
	profile_free(from);
	assert_int_equal(into->sample_count, 2);
	assert_int_equal(into->samples[0].values[0], 6);
	assert_int_equal(into->function_count, 3);
	assert_int_equal(into->duration_nanos, 1000000000);
	assert_true(into->time_nanos == INT64_C(1700000000000000000) - 5);
	assert_int_equal(into->comment_count, 2);
	profile_free(into);
}

/* The same program, loaded elsewhere: its addresses are moved, so that its samples meet. */
static void test_profile_merge_moves_addresses(void **state)
{
	struct profile *into = example_profile();
	struct profile *from = example_profile();

	(void)state;
	from->mappings[0].start += 0x7000;
	from->mappings[0].limit += 0x7000;
	from->locations[0].address += 0x7000;
	from->locations[1].address += 0x7000;
	assert_int_equal(profile_merge(into, from), 0);
	assert_int_equal(into->mapping_count, 1);
	assert_int_equal(into->location_count, 2);
	assert_int_equal(into->sample_count, 2);
	assert_int_equal(into->samples[1].values[0], 2);
	profile_free(from);
	profile_free(into);
}

static void test_profile_merge_refuses_other_types(void **state)
{
	struct profile *into = example_profile();
	struct profile *from = profile_new();

	(void)state;
	profile_add_type(from, "contentions", "count");
	profile_add_type(from, "delay", "nanoseconds");
	assert_int_equal(profile_merge(into, from), -EINVAL);
	assert_int_equal(into->sample_count, 2);
	profile_free(from);
	profile_free(into);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_profile_strings_are_interned),
		cmocka_unit_test(test_profile_equal_things_have_one_id),
		cmocka_unit_test(test_profile_equal_samples_are_added),
		cmocka_unit_test(test_profile_sums_stop_at_the_end),
		cmocka_unit_test(test_profile_finds_many),
		cmocka_unit_test(test_profile_comes_back_as_written),
		cmocka_unit_test(test_profile_size_of_blocks_comes_back_and_makes_no_difference),
		cmocka_unit_test(test_profile_empty_one_comes_back),
		cmocka_unit_test(test_profile_repairs_what_is_no_utf8),
		cmocka_unit_test(test_profile_equal_ones_make_equal_files),
		cmocka_unit_test(test_profile_file_has_the_rights_of_the_umask),
		cmocka_unit_test(test_profile_write_says_what_went_wrong),
		cmocka_unit_test(test_profile_full_disk_leaves_the_old_file_and_nothing_else),
		cmocka_unit_test(test_profile_merge_adds_up),
		cmocka_unit_test(test_profile_merge_moves_addresses),
		cmocka_unit_test(test_profile_merge_refuses_other_types),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
