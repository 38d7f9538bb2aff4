/* SPDX-License-Identifier: MIT */
/* links: internal/base/arena.c internal/base/set.c internal/base/utf8.c internal/base/xalloc.c
 * internal/format/gunzip.c internal/format/profile*.c internal/format/write_file.c internal/tool/profile/pprof_program.c internal/tool/common/command_output.c
 * internal/tool/tool.c */
/* What decoders that share no code with us read in our files. The expectations are written by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "profile_example.h"
#include "tool/profile/pprof_program.h"

static char *folder, *path;

static int write_example(void **state)
{
	struct profile *profile = example_profile();
	int error;

	(void)state;
	folder = example_folder();
	if (!folder || asprintf(&path, "%s/x.pb.gz", folder) < 0)
		return -1;
	error = profile_write(profile, path);
	profile_free(profile);
	return error;
}

static int remove_example(void **state)
{
	(void)state;
	example_clean(folder);
	free(path);
	return 0;
}

static void test_profile_raw_fields_are_those_of_the_schema(void **state)
{
	/* Field numbers and wire types; packed numbers are shown as bytes (or, where they look like one, a message). */
	static const char expected[] =
		"1 {\n  1: 1\n  2: 2\n}\n"	       /* sample_type: samples, count */
		"1 {\n  1: 3\n  2: 4\n}\n"	       /* cpu, nanoseconds */
		"2 {\n"				       /* sample */
		"  1: \"\\001\\002\"\n"		       /* location_id 1, 2 */
		"  2: \"\\003\\300\\215\\267\\001\"\n" /* value 3, 3000000 */
		"  3 {\n    1: 5\n    2: 6\n  }\n"     /* label: test, test_x */
		"  3 {\n    1: 7\n    2: 8\n  }\n"     /* thread, worker */
		"}\n"
		"2 {\n"
		"  1: \"\\002\"\n"
		"  2: \"\\001\\300\\204=\"\n" /* 1, 1000000 */
		"}\n"
		"3 {\n" /* mapping */
		"  1: 1\n  2: 4194304\n  3: 4198400\n  4: 4096\n  5: 9\n  6: 10\n"
		"  7: 1\n  8: 1\n  9: 1\n  10: 1\n"
		"}\n"
		"4 {\n" /* location */
		"  1: 1\n  2: 1\n  3: 4194320\n"
		"  4 {\n    1: 1\n    2: 4\n  }\n"
		"  4 {\n    1: 2\n    2: 12\n  }\n"
		"}\n"
		"4 {\n"
		"  1: 2\n  2: 1\n  3: 4194560\n"
		"  4 {\n    1: 3\n    2: 5\n  }\n"
		"}\n"
		"5 {\n  1: 1\n  2: 11\n  3: 11\n  4: 12\n  5: 3\n}\n" /* function */
		"5 {\n  1: 2\n  2: 13\n  3: 13\n  4: 14\n  5: 10\n}\n"
		"5 {\n  1: 3\n  2: 15\n  3: 15\n  4: 16\n  5: 1\n}\n"
		"6: \"\"\n6: \"samples\"\n6: \"count\"\n6: \"cpu\"\n6: \"nanoseconds\"\n"
		"6: \"test\"\n6: \"test_x\"\n6: \"thread\"\n6: \"worker\"\n"
		"6: \"/bin/demo\"\n6: \"00ff\"\n6: \"helper\"\n6: \"leaf.h\"\n"
		"6: \"leaf\"\n6: \"leaf.c\"\n6: \"main\"\n6: \"main.c\"\n"
		"6: \"made by hand\"\n"
		"9: 1700000000000000000\n10: 500000000\n"
		"11 {\n  1: 3\n  2: 4\n}\n"
		"12: 1000000\n"
		"13: \"\\021\"\n" /* comment 17 */
		"14: 3\n";
	char command[256], text[4096];

	(void)state;
	if (system("command -v protoc >/dev/null") != 0) {
		print_message("no protoc\n");
		skip();
	}
	snprintf(command, sizeof(command), "gzip -dc %s | protoc --decode_raw", path);
	example_output(command, text, sizeof(text));
	assert_string_equal(text, expected);
}

/* Run pprof with options; false when there is none. */
static int run_pprof(const char *options, char *text, size_t size)
{
	struct pprof_program program;
	char command[1024], *problem;
	int error = pprof_program_find(&program, &problem);

	free(problem);
	if (!error) {
		snprintf(command, sizeof(command),
			 "TZ=UTC %s %s %s -symbolize=none %s %s 2>/dev/null", program.words[0],
			 program.words[1] ? program.words[1] : "",
			 program.words[2] ? program.words[2] : "", options, path);
		example_output(command, text, size);
	}
	pprof_program_free(&program);
	return !error;
}

static void test_profile_pprof_reads_what_was_written(void **state)
{
	static const char expected[] =
		"Comment: made by hand\n"
		"PeriodType: cpu nanoseconds\n"
		"Period: 1000000\n"
		"Time: 2023-11-14 22:13:20 +0000 UTC\n"
		"Duration: 500m\n" /* -raw cuts it to four characters */
		"Samples:\n"
		"samples/count cpu/nanoseconds[dflt]\n"
		"          3    3000000: 1 2 \n"
		"                test:[test_x] thread:[worker]\n"
		"          1    1000000: 2 \n"
		"Locations\n"
		"     1: 0x400010 M=1 helper leaf.h:4:0 s=3\n"
		"             leaf leaf.c:12:0 s=10\n"
		"     2: 0x400100 M=1 main main.c:5:0 s=1\n"
		"Mappings\n"
		"1: 0x400000/0x401000/0x1000 /bin/demo 00ff [FN][FL][LN][IN]\n";
	char text[4096];

	(void)state;
	if (!run_pprof("-raw", text, sizeof(text))) {
		print_message("no pprof\n");
		skip();
	}
	assert_string_equal(text, expected);
}

/* -proto makes pprof write the file anew: another writer's file, read by us. */
static void test_profile_reads_what_pprof_writes(void **state)
{
	struct profile *profile;
	char other[256], options[300], text[64], error[256] = "";

	(void)state;
	snprintf(other, sizeof(other), "%s/pprof.pb.gz", folder);
	snprintf(options, sizeof(options), "-proto -output=%s", other);
	if (!run_pprof(options, text, sizeof(text))) {
		print_message("no pprof\n");
		skip();
	}
	profile = profile_read(other, error, sizeof(error));
	assert_string_equal(error, "");
	assert_int_equal(profile->sample_count, 2);
	assert_int_equal(profile->samples[0].values[1], 3000000);
	assert_string_equal(profile->samples[0].labels[0].value, "test_x");
	assert_string_equal(
		profile->functions[profile->locations[profile->samples[0].locations[0] - 1]
					   .lines[1]
					   .function -
				   1]
			.name,
		"leaf");
	assert_string_equal(profile->mappings[0].path, "/bin/demo");
	profile_free(profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_profile_raw_fields_are_those_of_the_schema),
		cmocka_unit_test(test_profile_pprof_reads_what_was_written),
		cmocka_unit_test(test_profile_reads_what_pprof_writes),
	};

	return cmocka_run_group_tests(tests, write_example, remove_example);
}
