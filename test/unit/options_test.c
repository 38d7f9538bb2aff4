/* SPDX-License-Identifier: MIT */
/* links: tool */
/* The command line as the table of subcommands has it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/options.h"
#include "tool/profile/kinds.h"
#include "tool/run/flight_limits.h"
#include "tool/tool.h"

/* What was printed to a descriptor while something ran. */
struct capture {
	int fd, saved;
	FILE *file;
};

static struct capture capture_begin(FILE *stream)
{
	struct capture capture = {.fd = fileno(stream), .file = tmpfile()};

	fflush(stream);
	capture.saved = dup(capture.fd);
	dup2(fileno(capture.file), capture.fd);
	return capture;
}

static const char *capture_end(struct capture *capture)
{
	static char text[8192];
	size_t len;

	fflush(NULL);
	dup2(capture->saved, capture->fd);
	close(capture->saved);
	rewind(capture->file);
	len = fread(text, 1, sizeof(text) - 1, capture->file);
	text[len] = '\0';
	fclose(capture->file);
	return text;
}

static int count_of(char **argv)
{
	int count = 0;

	while (argv[count])
		count++;
	return count;
}

/* Words are never written to. */
#define ARGV(...) ((char **)(const char *[]){__VA_ARGS__, NULL})

static void check_wrong(char **argv, const char *expected)
{
	struct capture capture = capture_begin(stderr);
	struct options options;
	int status = -1;
	bool good = options_parse(&options, count_of(argv), argv, &status);
	const char *said = capture_end(&capture);

	assert_false(good);
	assert_int_equal(status, TOOL_USAGE);
	assert_string_equal(said, expected);
}

static struct options parsed(char **argv)
{
	struct options options;
	int status = -1;

	assert_true(options_parse(&options, count_of(argv), argv, &status));
	assert_int_equal(status, TOOL_OK);
	return options;
}

static void test_options_both_forms_and_fallbacks(void **state)
{
	struct options options = parsed(ARGV("top", "--func", "f", "--kind=mem"));
	uint64_t number = 0;

	(void)state;
	assert_string_equal(options_text(&options, "func"), "f");
	assert_string_equal(options_text(&options, "kind"), "mem");
	assert_string_equal(options_text(&options, "out"), "_output/pprof");
	assert_true(options_value(&options, "number", &number));
	assert_int_equal(number, 10);
	options_free(&options);
}

static void test_options_values_may_look_like_anything(void **state)
{
	struct options options =
		parsed(ARGV("top", "--func=", "--func", "--kind", "--kind", "cpu", "--out=a=b"));

	(void)state;
	assert_string_equal(options_text(&options, "func"), "--kind");
	assert_string_equal(options_text(&options, "out"), "a=b");
	options_free(&options);
}

static void test_options_order_is_kept(void **state)
{
	struct options options = parsed(ARGV("test", "--package", "p", "--bin", "a", "b c",
					     "--package=q", "--bin=d", "--", "--bin", "x"));
	const char *const expected[][2] = {
		{"package", "p"}, {"bin", "a"}, {"bin", "b c"}, {"package", "q"}, {"bin", "d"}};

	(void)state;
	assert_int_equal(options.item_count, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_string_equal(options.items[i].option->name, expected[i][0]);
		assert_string_equal(options.items[i].value, expected[i][1]);
	}
	assert_int_equal(options.argument_count, 2);
	assert_string_equal(options.arguments[0], "--bin");
	assert_string_equal(options.arguments[1], "x");
	assert_null(options.arguments[2]);
	options_free(&options);
}

static void test_options_typed_values(void **state)
{
	struct options options = parsed(
		ARGV("test", "--bin", "x", "--time=1.5s", "--hz", "250", "--kinds", "mem,block"));
	uint64_t value = 7;

	(void)state;
	assert_true(options_value(&options, "time", &value));
	assert_int_equal(value, 1500000000);
	assert_true(options_value(&options, "hz", &value));
	assert_int_equal(value, 250);
	assert_false(options_value(&options, "count", &value));
	assert_int_equal(value, 250);
	assert_true(options_has(&options, "kinds", "mem"));
	assert_false(options_has(&options, "kinds", "cpu"));
	assert_false(options_has(&options, "kinds", "me"));
	options_free(&options);
}

#define SEE(command) "; see `pprofmk help " command "`\n"

static void test_options_wrong_ones_are_told(void **state)
{
	(void)state;
	check_wrong(ARGV("top", "--fnc", "x"),
		    "pprofmk: top: no option --fnc, did you mean --func?" SEE("top"));
	check_wrong(ARGV("top", "--zzzzz=x"), "pprofmk: top: no option --zzzzz" SEE("top"));
	check_wrong(ARGV("top", "x"),
		    "pprofmk: top: what is \"x\"? Options begin with --" SEE("top"));
	check_wrong(ARGV("top", "--func"), "pprofmk: top: --func needs a value" SEE("top"));
	check_wrong(ARGV("top", "--func", "--"), "pprofmk: top: --func needs a value" SEE("top"));
	check_wrong(ARGV("top", "--kind", "cpu"),
		    "pprofmk: top: --func F is missing: the test whose profile it is" SEE("top"));
	check_wrong(ARGV("top", "--func=", "--kind", "cpu"),
		    "pprofmk: top: --func F is missing: the test whose profile it is" SEE("top"));
	check_wrong(ARGV("top", "--func=x", "--kind", "cpu", "--", "y"),
		    "pprofmk: top: nothing may follow --, but \"y\" does" SEE("top"));
}

static void test_options_wrong_values_are_told(void **state)
{
	(void)state;
	check_wrong(ARGV("top", "--kind", "cp"),
		    "pprofmk: top: --kind: \"cp\" is none of "
		    "cpu|mem|heap|allocs|block|mutex|threads|net|sync|syscall|sched|running" SEE(
			    "top"));
	check_wrong(ARGV("web", "--port", "65536"),
		    "pprofmk: web: --port: \"65536\" is no number of 0 to 65535" SEE("web"));
	check_wrong(ARGV("test", "--hz", "0"),
		    "pprofmk: test: --hz: \"0\" is no number of 1 to 10000" SEE("test"));
	check_wrong(ARGV("test", "--hz", "-1"),
		    "pprofmk: test: --hz: \"-1\" is no number of 1 to 10000" SEE("test"));
	check_wrong(
		ARGV("test", "--time", "5"),
		"pprofmk: test: --time: \"5\" is no duration like 500ms, 1s or 10m" SEE("test"));
	check_wrong(ARGV("test", "--time", "0s"),
		    "pprofmk: test: --time: \"0s\" is not between 1ns and 24h" SEE("test"));
	check_wrong(ARGV("watch", "--addr", ":1", "--every", "500ms"),
		    "pprofmk: watch: --every: \"500ms\" is not between 1s and 168h" SEE("watch"));
	check_wrong(ARGV("test", "--kinds", "cpu,mutex"),
		    "pprofmk: test: --kinds: \"cpu,mutex\" is no list of cpu|mem|block, with "
		    "commas" SEE("test"));
	check_wrong(ARGV("test", "--kinds="),
		    "pprofmk: test: --kinds: \"\" is no list of cpu|mem|block, with commas" SEE(
			    "test"));
	check_wrong(ARGV("test", "--alone", ""),
		    "pprofmk: test: --alone: \"\" is none of yes|no" SEE("test"));
}

static void test_options_help_is_made_from_the_table(void **state)
{
	(void)state;
	for (const struct command *command = commands; command->name; command++) {
		struct capture capture = capture_begin(stdout);
		char *argv[] = {(char *)command->name, (char *)"--help", NULL};
		struct options options;
		int status = -1;
		bool goes_on = options_parse(&options, 2, argv, &status);
		const char *text = capture_end(&capture);

		assert_false(goes_on);
		assert_int_equal(status, TOOL_OK);
		for (const struct option *option = command->options; option->name; option++) {
			assert_non_null(strstr(text, option->name));
			assert_non_null(strstr(text, option->help));
		}
	}
}

static void test_kinds_are_one_table(void **state)
{
	struct profile *profile = profile_new();
	char *path = kind_path(kind_find("heap"), "out", "a/b");

	(void)state;
	assert_string_equal(path, "out/a%2Fb.mem.pb.gz");
	free(path);
	assert_null(kind_find("trace"));
	kind_set_types(kind_find("mem"), profile);
	assert_int_equal(profile->type_count, 6);
	assert_string_equal(profile->default_type, "alloc_space");
	assert_int_equal(kind_type_index(profile, kind_find("heap")->shown), 3);
	assert_int_equal(kind_type_index(profile, kind_find("allocs")->shown), 1);
	assert_true(kind_type_index(profile, "cpu") < 0);
	for (size_t i = 0; i < kinds_count; i++)
		assert_non_null(strstr(KINDS_NAMES, kinds[i].name));
	profile_free(profile);
}

static void test_options_flight_is_a_time_or_a_size(void **state)
{
	static const struct {
		const char *text;
		int error;
		uint64_t ns, bytes;
	} cases[] = {
		{"5s", 0, 5000000000u, FLIGHT_BYTES_OF_TIME},
		{"10ms", 0, 10000000, FLIGHT_BYTES_OF_TIME},
		{"64MB", 0, UINT64_MAX, 64u << 20},
		{"1MB", 0, UINT64_MAX, 1u << 20},
		{"9ms", -ERANGE, 0, 0},
		{"25h", -ERANGE, 0, 0},
		{"16kB", -ERANGE, 0, 0},
		{"2TB", -ERANGE, 0, 0},
		{"5", -EINVAL, 0, 0},
		{"", -EINVAL, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct flight_limits limits = {0, 0};

		assert_int_equal(cases[i].error, flight_limits_read(&limits, cases[i].text));
		assert_int_equal(cases[i].ns, limits.ns);
		assert_int_equal(cases[i].bytes, limits.bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options_flight_is_a_time_or_a_size),
		cmocka_unit_test(test_options_both_forms_and_fallbacks),
		cmocka_unit_test(test_options_values_may_look_like_anything),
		cmocka_unit_test(test_options_order_is_kept),
		cmocka_unit_test(test_options_typed_values),
		cmocka_unit_test(test_options_wrong_ones_are_told),
		cmocka_unit_test(test_options_wrong_values_are_told),
		cmocka_unit_test(test_options_help_is_made_from_the_table),
		cmocka_unit_test(test_kinds_are_one_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
