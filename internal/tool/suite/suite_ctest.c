/* SPDX-License-Identifier: MIT */
/* The tests of CMake's build folder, as `ctest --show-only=json-v1` tells them (CMake 3.14 and later). */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/common/command_output.h"
#include "tool/suite/suite.h"
#include "tool/suite/suite_changes.h"
#include "tool/suite/suite_json.h"
#include "tool/tool.h"

/* The value of a property, NULL when the test has it not. */
static const json_t *property(const json_t *test, const char *name)
{
	const json_t *properties = json_object_get(test, "properties");

	for (size_t i = 0; i < json_array_size(properties); i++) {
		const json_t *item = json_array_get(properties, i);
		const char *its = json_string_value(json_object_get(item, "name"));

		if (its != NULL && strcmp(its, name) == 0)
			return json_object_get(item, "value");
	}
	return NULL;
}

/* As with putenv(), an entry of ENVIRONMENT without `=` takes the variable away. */
static char **environment_of(struct suite *suite, const json_t *test)
{
	struct suite_changes changes = {.arena = suite->arena};
	char **entries = suite_json_words(suite->arena, property(test, "ENVIRONMENT"));
	size_t modified;

	for (; *entries != NULL; entries++)
		suite_change(&changes, *entries);
	modified = changes.len;
	entries = suite_json_words(suite->arena, property(test, "ENVIRONMENT_MODIFICATION"));
	for (; *entries != NULL; entries++)
		suite_change_modify(&changes, *entries, modified);
	return suite_changes_list(&changes);
}

/* What stands higher in ctest's own order of asking comes first: with PASS_REGULAR_EXPRESSION the exit status is not looked at. */
static struct suite_verdict verdict_of(const json_t *test)
{
	struct suite_verdict verdict = {
		.skip_status = (int)json_integer_value(property(test, "SKIP_RETURN_CODE"))};

	if (property(test, "PASS_REGULAR_EXPRESSION") != NULL) {
		verdict.property = "PASS_REGULAR_EXPRESSION";
	} else if (json_is_true(property(test, "WILL_FAIL"))) {
		verdict.property = "WILL_FAIL";
		verdict.is_to_fail = true;
	}
	return verdict;
}

/* Have the two lists of names one in common? */
static bool is_shared(const json_t *one, const json_t *other)
{
	for (size_t i = 0; i < json_array_size(one); i++)
		for (size_t j = 0; j < json_array_size(other); j++)
			if (json_equal(json_array_get(one, i), json_array_get(other, j)))
				return true;
	return false;
}

/* "one|two", the tests that set up something of `required`. The caller frees it. */
static char *names_of_setups(const json_t *tests, const json_t *required)
{
	char *names = xstrdup(""), *longer;

	for (size_t i = 0; i < json_array_size(tests); i++) {
		const json_t *other = json_array_get(tests, i);
		const char *name = json_string_value(json_object_get(other, "name"));

		if (name == NULL || !is_shared(required, property(other, "FIXTURES_SETUP")))
			continue;
		longer = xasprintf("%s%s%s", names, *names != '\0' ? "|" : "", name);
		free(names);
		names = longer;
	}
	return names;
}

/* How the fixtures that a test requires are set up: by a call of ctest that does not clean up behind it. */
static const char *before(struct suite *suite, const json_t *tests, const json_t *test)
{
	const json_t *required = property(test, "FIXTURES_REQUIRED");
	char *names, *pattern, *text;
	const char *kept = NULL;

	if (required == NULL)
		return NULL;
	names = names_of_setups(tests, required);
	pattern = xasprintf("^(%s)$", names);
	text = xasprintf("ctest sets up a fixture before it (FIXTURES_REQUIRED), which we do not: "
			 "`(cd %s && ctest -R %s -FC .)`",
			 suite_word(suite->arena, suite->folder),
			 suite_word(suite->arena, pattern));
	if (*names != '\0')
		kept = suite_text(suite->arena, text);
	free(text);
	free(pattern);
	free(names);
	return kept;
}

static void add(struct suite *suite, const json_t *tests, const json_t *test)
{
	const char *name = json_string_value(json_object_get(test, "name"));
	const char *directory = json_string_value(property(test, "WORKING_DIRECTORY"));

	if (json_is_true(property(test, "DISABLED"))) {
		suite->known++;
		suite->disabled++;
		return;
	}
	/* A test whose program is not there has no command. */
	suite_add(suite,
		  &(struct suite_test){
			  .name = name != NULL ? name : "",
			  .words = suite_json_words(suite->arena, json_object_get(test, "command")),
			  .directory = directory != NULL ? directory : suite->folder,
			  .environment = environment_of(suite, test),
			  .verdict = verdict_of(test),
			  .before = before(suite, tests, test),
		  });
}

/* What CMake's cache has behind `entry` ("NAME:TYPE="), NULL: nothing. The caller frees it. */
static char *cached(const char *folder, const char *entry)
{
	char *path = xasprintf("%s/CMakeCache.txt", folder);
	FILE *file = fopen(path, "re");
	char *line = NULL, *value = NULL;
	size_t size = 0;

	free(path);
	while (file != NULL && value == NULL && getline(&line, &size, file) > 0) {
		if (strncmp(line, entry, strlen(entry)) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		value = xstrdup(line + strlen(entry));
	}
	if (file != NULL)
		fclose(file);
	free(line);
	return value;
}

/* Without the name of a configuration that it has, ctest knows no test of a build of several. */
static void check_config(const struct suite *suite)
{
	char *names = cached(suite->folder, "CMAKE_CONFIGURATION_TYPES:STRING=");
	bool is_known = false;
	char *name, *rest;

	if (names == NULL || suite->found_count > 0) {
		free(names);
		return;
	}
	for (char *p = names; *p != '\0'; p++)
		if (*p == ';')
			*p = ' ';
	rest = xstrdup(names);
	name = strtok(rest, " ");
	for (; name != NULL; name = strtok(NULL, " "))
		is_known |= suite->config != NULL && strcmp(name, suite->config) == 0;
	if (!is_known)
		tool_error("%s: a build of several configurations: give --config (PPROF_CONFIG in "
			   "a Makefile), one of %s",
			   suite->kind, names);
	free(rest);
	free(names);
}

static bool is_configured(const struct suite *suite)
{
	char *path = xasprintf("%s/CTestTestfile.cmake", suite->folder);
	bool is_there = access(path, R_OK) == 0;

	free(path);
	if (!is_there)
		tool_error("%s: there is no CTestTestfile.cmake: give the build folder of a "
			   "project that calls enable_testing(), configured by cmake",
			   suite->folder);
	return is_there;
}

static json_t *ask(const struct suite *suite)
{
	char *words[] = {"/usr/bin/env",	"ctest",
			 "--show-only=json-v1", suite->config != NULL ? "-C" : NULL,
			 (char *)suite->config, NULL};
	size_t size;
	char *output = command_output_all(suite->folder, words, &size);
	json_t *answer = output != NULL ? json_loadb(output, size, 0, NULL) : NULL;

	free(output);
	if (answer == NULL)
		tool_error("%s: `ctest --show-only=json-v1` does not tell the tests there; it "
			   "needs ctest of CMake 3.14 or later in PATH",
			   suite->folder);
	return answer;
}

bool suite_ctest(struct suite *suite)
{
	char *text =
		xasprintf("cmake --build %s%s%s", suite_word(suite->arena, suite->folder),
			  suite->config != NULL ? " --config " : "",
			  suite->config != NULL ? suite_word(suite->arena, suite->config) : "");
	const json_t *tests;
	json_t *answer;

	suite->build_command = suite_text(suite->arena, text);
	free(text);
	answer = is_configured(suite) ? ask(suite) : NULL;
	if (answer == NULL)
		return false;
	text = cached(suite->folder, "CMAKE_PROJECT_NAME:STATIC=");
	if (text != NULL)
		suite->project = suite_text(suite->arena, text);
	free(text);
	tests = json_object_get(answer, "tests");
	for (size_t i = 0; i < json_array_size(tests); i++)
		add(suite, tests, json_array_get(tests, i));
	check_config(suite);
	json_decref(answer);
	return true;
}
