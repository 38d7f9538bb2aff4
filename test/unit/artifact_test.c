/* SPDX-License-Identifier: MIT */
/* links: tool */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "tool/common/names.h"
#include "tool/profile/kinds.h"
#include "tool/report/artifact.h"

static char *dir;

static char *path_of(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void put(const char *name, const char *bytes)
{
	FILE *file = fopen(path_of(name), "w");

	assert_non_null(file);
	fputs(bytes, file);
	assert_int_equal(0, fclose(file));
}

/* A test that ran twice for mem, in 3 ms and 2 ms of CPU. */
static const char passed[] =
	"{\"schema\": 1, \"test\": \"test_a\", \"name\": \"test_a\", \"program\": \"/p/a_test\","
	" \"package\": \"lib\", \"date\": \"2026-01-02T03:04:05Z\", \"kinds\": ["
	"{\"kind\": \"cpu\", \"outcome\": \"passed\", \"ended\": \"passed\", \"runs\": 4,"
	" \"wall_ns\": 12000000, \"cpu_ns\": 8000000, \"lost\": 0},"
	"{\"kind\": \"mem\", \"outcome\": \"passed\", \"ended\": \"passed\", \"runs\": 2, "
	"\"lost\": 0,"
	" \"totals\": {\"mem\": {\"alloc_objects\": 14, \"alloc_space\": 2048, \"peak_space\": "
	"512}},"
	" \"leaks\": [{\"blocks\": 2, \"bytes\": 64, \"frames\": [{\"function\": \"f\", \"file\": "
	"\"f.c\","
	" \"line\": 7}]}]}],"
	" \"files\": {}}";

static int make_dir(void **state)
{
	char template[] = "/tmp/artifact_test.XXXXXX";

	(void)state;
	dir = strdup(mkdtemp(template));
	return dir ? 0 : -1;
}

static int remove_dir(void **state)
{
	char *command = NULL;

	(void)state;
	if (asprintf(&command, "rm -rf '%s'", dir) < 0 || system(command) != 0)
		return -1;
	free(command);
	free(dir);
	return 0;
}

static const char *problem_of(const struct artifact *artifact, const char *file)
{
	for (size_t i = 0; i < artifact->problem_count; i++)
		if (strcmp(artifact->problems[i].file, file) == 0)
			return artifact->problems[i].text;
	return "none";
}

static void test_artifact_figures_are_those_of_one_run(void **state)
{
	struct artifact *artifact;
	const struct artifact_test *test;

	(void)state;
	put("test_a.json", passed);
	artifact = artifact_read(dir, "");
	assert_int_equal(0, artifact->problem_count);
	test = artifact_find(artifact, "test_a");
	assert_non_null(test);
	assert_int_equal(OUTCOME_PASSED, test->outcome);
	assert_string_equal("lib", test->package);
	assert_float_equal(3000000, test->metrics[ARTIFACT_TIME], 0);
	assert_float_equal(2000000, test->metrics[ARTIFACT_CPU], 0);
	assert_float_equal(7, test->metrics[ARTIFACT_ALLOCS], 0);
	assert_float_equal(1024, test->metrics[ARTIFACT_BYTES], 0);
	assert_float_equal(512, test->metrics[ARTIFACT_PEAK], 0);
	assert_float_equal(32, test->metrics[ARTIFACT_LEAKED], 0);
	assert_float_equal(1, test->metrics[ARTIFACT_LEAKED_BLOCKS], 0);
	assert_false(test->has[ARTIFACT_WAITING]);
	assert_int_equal(7, (int)test->leaks[0].frames[0].line);
	assert_null(artifact_find(artifact, "test_b"));
	artifact_free(artifact);
}

static void test_artifact_a_kind_that_failed_has_no_figures(void **state)
{
	struct artifact *artifact;
	const struct artifact_test *test;

	(void)state;
	put("t.json", "{\"schema\": 1, \"test\": \"t\", \"kinds\": [{\"kind\": \"cpu\", "
		      "\"outcome\": \"passed\","
		      " \"runs\": 1, \"wall_ns\": 5, \"cpu_ns\": 5}, {\"kind\": \"mem\", "
		      "\"outcome\": \"crashed\","
		      " \"ended\": \"killed\", \"runs\": 1, \"totals\": {\"mem\": "
		      "{\"alloc_objects\": 1}}}]}");
	artifact = artifact_read(dir, "");
	test = artifact_find(artifact, "t");
	assert_int_equal(OUTCOME_CRASHED, test->outcome);
	assert_string_equal("killed", test->ended);
	assert_true(test->has[ARTIFACT_TIME]);
	assert_false(test->has[ARTIFACT_ALLOCS]);
	assert_false(test->has[ARTIFACT_LEAKED]);
	artifact_free(artifact);
}

static void test_artifact_says_what_is_not_sound(void **state)
{
	struct artifact *artifact;

	(void)state;
	put("test_a.json", passed);
	put("cut.json", "{\"schema\": 1, \"te");
	put("other.json", passed);
	put("new.json", "{\"schema\": 2, \"test\": \"new\"}");
	put("list.json", "[]");
	put("odd.json",
	    "{\"schema\": 1, \"test\": \"odd\", \"kinds\": {\"a\": 1}, \"files\": "
	    "{\"cpu\": \"../../etc/passwd\", \"mem\": \"odd.mem.pb.gz\"}, \"bench\": {}}");
	assert_int_equal(0, symlink("/etc/passwd", path_of("link.json")));
	assert_int_equal(0, mkfifo(path_of("pipe.json"), 0600));
	artifact = artifact_read(dir, "");
	assert_int_equal(2, artifact->count);
	assert_non_null(strstr(problem_of(artifact, "cut.json"), "damaged at byte"));
	assert_string_equal("the test in it has another name", problem_of(artifact, "other.json"));
	assert_string_equal("manifest of another version: schema 2, this one reads 1",
			    problem_of(artifact, "new.json"));
	assert_string_equal("no manifest of a test", problem_of(artifact, "list.json"));
	assert_string_equal("it names a file of another test as its cpu",
			    problem_of(artifact, "odd.json"));
	assert_string_equal("No such file or directory", problem_of(artifact, "odd.mem.pb.gz"));
	assert_string_equal("no regular file", problem_of(artifact, "link.json"));
	assert_string_equal("no regular file", problem_of(artifact, "pipe.json"));
	assert_int_equal(0, artifact->tests[0].files);
	artifact_free(artifact);
}

static void test_artifact_leaves_out_earlier_runs(void **state)
{
	struct artifact *artifact;

	(void)state;
	put("test_a.json", passed);
	artifact = artifact_read(dir, "2026-01-02T03:04:05Z");
	assert_int_equal(1, artifact->count);
	artifact_free(artifact);
	artifact = artifact_read(dir, "2026-01-02T03:04:06Z");
	assert_int_equal(0, artifact->count);
	assert_int_equal(1, artifact->left_out);
	artifact_free(artifact);
	/* As index.json says, unless told otherwise. */
	put("index.json", "{\"schema\": 1, \"since\": \"2026-01-03T00:00:00Z\"}");
	artifact = artifact_read(dir, NULL);
	assert_int_equal(0, artifact->count);
	artifact_free(artifact);
	artifact = artifact_read(dir, "");
	assert_int_equal(1, artifact->count);
	artifact_free(artifact);
}

/* Its name is that of the folder's own file. */
static void test_artifact_of_a_test_called_index(void **state)
{
	struct artifact *artifact;
	char *stem = names_stem("index"), *test = names_test("%69ndex");

	(void)state;
	assert_string_equal("%69ndex", stem);
	assert_string_equal("index", test);
	assert_null(names_test("index"));
	put("%69ndex.json", "{\"schema\": 1, \"test\": \"index\"}");
	artifact = artifact_read(dir, "");
	assert_non_null(artifact_find(artifact, "index"));
	assert_int_equal(0, artifact->problem_count);
	artifact_free(artifact);
	free(stem);
	free(test);
}

static void put_profile(const char *name, const char *kind)
{
	struct profile *profile = profile_new();

	kind_set_types(kind_find(kind), profile);
	assert_int_equal(0, profile_write(profile, path_of(name)));
	profile_free(profile);
}

/* Profiles of a job that was killed before it wrote the manifest are one test. */
static void test_artifact_takes_profiles_without_a_manifest(void **state)
{
	struct artifact *artifact;
	struct profile *profile;

	(void)state;
	put_profile("t.cpu.pb.gz", "cpu");
	put_profile("t.mem.pb.gz", "mem");
	put_profile("a%20b.cpu.pb.gz", "cpu");
	put_profile("a b.cpu.pb.gz", "cpu");
	put_profile("t.u.block.pb.gz", "cpu");
	artifact = artifact_read(dir, "");
	assert_int_equal(3, artifact->count);
	assert_string_equal("a b", artifact->tests[0].title);
	assert_string_equal("t", artifact->tests[1].title);
	assert_int_equal(1u << ARTIFACT_FILE_CPU | 1u << ARTIFACT_FILE_MEM,
			 artifact->tests[1].files);
	assert_int_equal(OUTCOME_NOT_RUN, artifact->tests[1].outcome);
	assert_string_equal("its name is none that we give", problem_of(artifact, "a b.cpu.pb.gz"));
	profile = artifact_profile(artifact, &artifact->tests[1], ARTIFACT_FILE_MEM);
	assert_non_null(profile);
	profile_free(profile);
	assert_null(artifact_profile(artifact, &artifact->tests[1], ARTIFACT_FILE_BLOCK));
	assert_null(artifact_profile(artifact, &artifact->tests[2], ARTIFACT_FILE_BLOCK));
	assert_string_equal("no block profile: its sample types are others",
			    problem_of(artifact, "t.u.block.pb.gz"));
	artifact_free(artifact);
}

/* 200 MB of zeroes in 200 kB. */
static void test_artifact_refuses_a_bomb(void **state)
{
	static const char zeroes[1 << 16];
	struct artifact *artifact;
	gzFile file;

	(void)state;
	file = gzopen(path_of("bomb.cpu.pb.gz"), "wb1");
	for (int i = 0; i < 200 << 4; i++)
		assert_int_equal(sizeof(zeroes), gzwrite(file, zeroes, sizeof(zeroes)));
	gzclose(file);
	artifact = artifact_read(dir, "");
	assert_null(artifact_profile(artifact, &artifact->tests[0], ARTIFACT_FILE_CPU));
	assert_string_equal("too large: it unpacks to more than 64 MiB",
			    problem_of(artifact, "bomb.cpu.pb.gz"));
	artifact_free(artifact);
}

static void test_artifact_reads_results_of_benchmarks(void **state)
{
	struct artifact *artifact;
	const struct artifact_result *result;

	(void)state;
	put("bench_a.json",
	    "{\"schema\": 1, \"test\": \"bench_a\", \"kinds\": [{\"kind\": \"time\", \"outcome\":"
	    " \"passed\", \"runs\": 1, \"wall_ns\": 7}], \"bench\": {\"notes\": [\"n\", 7], "
	    "\"results\":"
	    " [{\"name\": \"BenchmarkA-2\", \"ns_op\": 1.5, \"allocs_op\": 3, \"batches_ns_op\":"
	    " [1.25, \"x\", 1.75], \"metrics\": {\"B/s\": 8, \"bad\": null}}]}}");
	artifact = artifact_read(dir, "");
	assert_true(artifact->tests[0].is_bench);
	assert_false(artifact->tests[0].has[ARTIFACT_TIME]);
	assert_int_equal(1, artifact->tests[0].note_count);
	result = artifact->tests[0].results;
	assert_string_equal("BenchmarkA-2", result->name);
	assert_float_equal(1.5, result->ns_op, 0);
	assert_float_equal(3, result->allocs_op, 0);
	assert_float_equal(-1, result->bytes_op, 0);
	assert_int_equal(2, result->batch_count);
	assert_float_equal(1.75, result->batches[1], 0);
	assert_int_equal(1, result->metric_count);
	assert_string_equal("B/s", result->metrics[0].unit);
	artifact_free(artifact);
}

static void test_artifact_of_no_folder(void **state)
{
	(void)state;
	assert_null(artifact_read("/nowhere/at/all", NULL));
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, make_dir, remove_dir)
	const struct CMUnitTest tests[] = {
		CASE(test_artifact_figures_are_those_of_one_run),
		CASE(test_artifact_a_kind_that_failed_has_no_figures),
		CASE(test_artifact_says_what_is_not_sound),
		CASE(test_artifact_leaves_out_earlier_runs),
		CASE(test_artifact_of_a_test_called_index),
		CASE(test_artifact_takes_profiles_without_a_manifest),
		CASE(test_artifact_refuses_a_bomb),
		CASE(test_artifact_reads_results_of_benchmarks),
		cmocka_unit_test(test_artifact_of_no_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
