/* SPDX-License-Identifier: MIT */
/* links: tool */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tool/profile/kinds.h"
#include "tool/profile/leaks.h"

static uint64_t add_place(struct profile *profile, const char *name, int64_t line, uint64_t address)
{
	struct profile_function function = {name, name, "/src/file.c", 1};
	struct profile_line lines = {profile_add_function(profile, &function), line};
	struct profile_location location = {.address = address, .line_count = 1, .lines = &lines};

	return profile_add_location(profile, &location);
}

static void add(struct profile *profile, uint64_t leaf, uint64_t caller, const char *thread,
		int64_t blocks, int64_t bytes)
{
	uint64_t stack[] = {leaf, caller};
	struct profile_label label = {"thread", thread};
	struct profile_sample sample = {.location_count = 2,
					.locations = stack,
					.values = {blocks, bytes, blocks, bytes},
					.label_count = 1,
					.labels = &label};

	profile_add_sample(profile, &sample);
}

static void test_leaks_join_threads_and_sort_by_bytes(void **state)
{
	struct profile *profile = profile_new();
	uint64_t small = add_place(profile, "small", 10, 1), big = add_place(profile, "big", 20, 2);
	uint64_t caller = add_place(profile, "caller", 30, 3);
	struct leaks leaks;
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	(void)state;
	kind_set_types(kind_find("mem"), profile);
	add(profile, small, caller, "a", 2, 20);
	add(profile, small, caller, "b", 1, 10);
	add(profile, big, caller, "a", 1, 4096);
	add(profile, caller, caller, "a", 0, 0);
	leaks = leaks_of(profile);
	assert_int_equal(2, leaks.count);
	assert_int_equal(4, leaks.blocks);
	assert_int_equal(4126, leaks.bytes);
	assert_string_equal("big", leaks.items[0].frames[0].function);
	assert_int_equal(3, leaks.items[1].blocks);
	assert_int_equal(30, leaks.items[1].bytes);
	leaks_print(stream, &leaks, 1);
	fclose(stream);
	assert_non_null(strstr(text, "4kB in 1 block   big file.c:20 < caller file.c:30\n"));
	assert_non_null(strstr(text, "1 more place"));
	free(text);
	leaks_free(&leaks);
	profile_free(profile);
}

static void test_leaks_leave_out_the_thread_cache(void **state)
{
	struct profile *profile = profile_new();
	uint64_t leaf = add_place(profile, "calloc", 10, 1);
	struct leaks leaks;

	(void)state;
	kind_set_types(kind_find("mem"), profile);
	add(profile, leaf, add_place(profile, "_dl_allocate_tls", 20, 2), "a", 1, 368);
	add(profile, leaf, add_place(profile, "own", 30, 3), "a", 1, 32);
	leaks = leaks_of(profile);
	assert_int_equal(1, leaks.count);
	assert_int_equal(32, leaks.bytes);
	leaks_free(&leaks);
	profile_free(profile);
}

static void test_leaks_none_in_another_kind(void **state)
{
	struct profile *profile = profile_new();
	struct leaks leaks;

	(void)state;
	kind_set_types(kind_find("cpu"), profile);
	leaks = leaks_of(profile);
	assert_int_equal(0, leaks.count);
	assert_int_equal(0, leaks.bytes);
	leaks_free(&leaks);
	profile_free(profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_leaks_join_threads_and_sort_by_bytes),
		cmocka_unit_test(test_leaks_leave_out_the_thread_cache),
		cmocka_unit_test(test_leaks_none_in_another_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
