/* SPDX-License-Identifier: MIT */
/* links: tool test/unit/sym_programs.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tool/suite/suite.h"
#include "tool/suite/suite_changes.h"

#include "sym_programs.h"

/* The changes that an environment with SUITE_A=a and without SUITE_B gets, as one text with bars between. */
static void assert_changes(const char *expected, const char *const *environment,
			   const char *const *modifications)
{
	struct arena arena = {0};
	struct suite_changes changes = {.arena = &arena};
	size_t modified, size;
	char **list, *text = NULL;
	FILE *stream = open_memstream(&text, &size);

	assert_int_equal(0, setenv("SUITE_A", "a", 1));
	assert_int_equal(0, unsetenv("SUITE_B"));
	for (; *environment != NULL; environment++)
		suite_change(&changes, *environment);
	modified = changes.len;
	for (; *modifications != NULL; modifications++)
		suite_change_modify(&changes, *modifications, modified);
	list = suite_changes_list(&changes);
	for (char **entry = list; *entry != NULL; entry++)
		fprintf(stream, "%s%s", entry == list ? "" : "|", *entry);
	assert_int_equal(0, fclose(stream));
	assert_string_equal(expected, text);
	free(text);
	arena_free(&arena);
}

static void test_suite_changes_are_made_as_ctest_makes_them(void **state)
{
	static const char *const none[] = {NULL};
	static const char *const set[] = {"SUITE_A=b", NULL};

	(void)state;
	assert_changes("SUITE_A=x:y", none, (const char *const[]){"SUITE_A=set:x:y", NULL});
	assert_changes("SUITE_A", none, (const char *const[]){"SUITE_A=unset:", NULL});
	assert_changes("SUITE_A=az", none, (const char *const[]){"SUITE_A=string_append:z", NULL});
	assert_changes("SUITE_A=za", none, (const char *const[]){"SUITE_A=string_prepend:z", NULL});
	assert_changes("SUITE_A=a:/z", none,
		       (const char *const[]){"SUITE_A=path_list_append:/z", NULL});
	assert_changes("SUITE_A=b|SUITE_A=/z:b", set,
		       (const char *const[]){"SUITE_A=path_list_prepend:/z", NULL});
	assert_changes("SUITE_B=/z", none,
		       (const char *const[]){"SUITE_B=path_list_prepend:/z", NULL});
	assert_changes("SUITE_A=a;z|SUITE_A=y;a;z", none,
		       (const char *const[]){"SUITE_A=cmake_list_append:z",
					     "SUITE_A=cmake_list_prepend:y", NULL});
}

static void test_suite_changes_reset_to_what_the_test_was_given(void **state)
{
	static const char *const none[] = {NULL};
	static const char *const set[] = {"SUITE_A=b", NULL};
	static const char *const modifications[] = {"SUITE_A=set:c", "SUITE_A=reset:", NULL};

	(void)state;
	assert_changes("SUITE_A=b|SUITE_A=c|SUITE_A=b", set, modifications);
	assert_changes("SUITE_A=c|SUITE_A=a", none, modifications);
}

static void test_suite_changes_pass_over_what_they_do_not_know(void **state)
{
	static const char *const none[] = {NULL};
	static const char *const modifications[] = {
		"", "SUITE_A", "SUITE_A=", "SUITE_A=set", "SUITE_A=explode:x", NULL};

	(void)state;
	assert_changes("", none, modifications);
}

/* What a suite gives of a test: "arguments / changes / directory" of the program. */
static void note(void *context, const struct suite_program *program)
{
	FILE *stream = context;

	for (char *const *word = program->arguments; *word != NULL; word++)
		fprintf(stream, "%s ", *word);
	fprintf(stream, "/ ");
	for (char *const *word = program->environment; *word != NULL; word++)
		fprintf(stream, "%s ", *word);
	fprintf(stream, "/ %s", program->directory);
}

/* `words` may have a program of cmocka's as SELF. Returns how many are not built. */
static size_t assert_found(const char *expected, const char *const *words)
{
	struct arena arena = {0};
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	struct suite suite = {.folder = "/build",
			      .arena = &arena,
			      .cache = cache_open(NULL),
			      .found = note,
			      .context = stream};
	const char *self = programs_path("self");
	char *command[16] = {NULL};

	for (size_t i = 0; words[i] != NULL; i++)
		command[i] = (char *)(strcmp(words[i], "SELF") == 0 ? self : words[i]);
	suite_add(&suite, &(struct suite_test){.name = "test",
					       .words = command,
					       .directory = "/",
					       .environment = (char *[]){"A=1", NULL}});
	assert_int_equal(0, fclose(stream));
	assert_string_equal(expected, text);
	free(text);
	assert_int_equal(1, suite.known);
	assert_int_equal(1, suite.found_count + suite.foreign + suite.unbuilt);
	cache_close(suite.cache);
	arena_free(&arena);
	return suite.unbuilt;
}

static int setup(void **state)
{
	bool is_built;

	if (programs_open(state) != 0)
		return -1;
	is_built = programs_run("echo 'int _cmocka_run_group_tests(void *, ...);\n"
				"int main(void) { return _cmocka_run_group_tests(0); }' | "
				"cc -o self -x c - -lcmocka");
	return is_built ? 0 : -1;
}

static void test_suite_finds_the_program_behind_its_launcher(void **state)
{
	(void)state;
	assert_found("one two / A=1 / /", (const char *const[]){"SELF", "one", "two", NULL});
	assert_found("one / A=1 / /",
		     (const char *const[]){"valgrind", "--quiet", "SELF", "one", NULL});
	assert_found("one / A=1 B=2 C D=a b / /",
		     (const char *const[]){"/usr/bin/env", "B=2", "-u", "C", "D=a b", "SELF", "one",
					   NULL});
	assert_found("/ A=1 B=2 C / /", (const char *const[]){"/opt/bin/cmake", "-E", "env", "B=2",
							      "--unset=C", "SELF", NULL});
	assert_found("/ A=1 / /tmp",
		     (const char *const[]){"/opt/bin/cmake", "-E", "chdir", "/tmp", "SELF", NULL});
	assert_found("B=2 / A=1 / /", (const char *const[]){"SELF", "B=2", NULL});
}

static void test_suite_counts_what_is_no_program_of_cmocka(void **state)
{
	(void)state;
	assert_found("", (const char *const[]){"/bin/sh", "-c", "exit 0", NULL});
	assert_found("", (const char *const[]){"/no/such/program", NULL});
	assert_found("", (const char *const[]){"python3", "test.py", NULL});
	assert_found("", (const char *const[]){NULL});
}

static void test_suite_tells_what_is_not_built_from_what_is_no_program(void **state)
{
	(void)state;
	assert_int_equal(1, assert_found("", (const char *const[]){"/build/late_test", NULL}));
	assert_int_equal(1, assert_found("", (const char *const[]){NULL}));
	assert_int_equal(1, assert_found("", (const char *const[]){"/usr/bin/env", "B=/build/x",
								   "/build/late_test", NULL}));
	assert_int_equal(1, assert_found("", (const char *const[]){"/bin/sh", "-E", "env", "B=2",
								   "/build/late_test", NULL}));
	assert_int_equal(
		0, assert_found("", (const char *const[]){"/bin/sh", "/build/written.txt", NULL}));
	assert_int_equal(0, assert_found("", (const char *const[]){"/usr/bin/env", "/bin/ls",
								   "/builder/x", NULL}));
}

static void test_suite_quotes_words_that_a_shell_would_split(void **state)
{
	struct arena arena = {0};

	(void)state;
	assert_string_equal("/build/a-b_1.2", suite_word(&arena, "/build/a-b_1.2"));
	assert_string_equal("'/a b'", suite_word(&arena, "/a b"));
	assert_string_equal("'/it'\\''s $x'", suite_word(&arena, "/it's $x"));
	assert_string_equal("''", suite_word(&arena, ""));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_suite_changes_are_made_as_ctest_makes_them),
		cmocka_unit_test(test_suite_changes_reset_to_what_the_test_was_given),
		cmocka_unit_test(test_suite_changes_pass_over_what_they_do_not_know),
		cmocka_unit_test(test_suite_finds_the_program_behind_its_launcher),
		cmocka_unit_test(test_suite_counts_what_is_no_program_of_cmocka),
		cmocka_unit_test(test_suite_tells_what_is_not_built_from_what_is_no_program),
		cmocka_unit_test(test_suite_quotes_words_that_a_shell_would_split),
	};

	return cmocka_run_group_tests(tests, setup, programs_close);
}
