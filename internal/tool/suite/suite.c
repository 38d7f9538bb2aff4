/* SPDX-License-Identifier: MIT */
#include "tool/suite/suite.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tool/launch/script.h"
#include "tool/suite/suite_changes.h"
#include "tool/tool.h"

enum verdict {
	VERDICT_TESTS,	 /* it has, or may have, tests of cmocka */
	VERDICT_REFUSED, /* it has, but can't be run under the runtime */
	VERDICT_FOREIGN, /* it is something else */
	VERDICT_MISSING,
};

/* A sanitizer's program and the like are only of interest when they are cmocka's. */
static enum verdict verdict_of(struct suite *suite, const char *path)
{
	enum program_kind kind = cache_kind(suite->cache, path);
	char *wrapped = kind == PROGRAM_SCRIPT ? script_libtool_program(path) : NULL;

	if (wrapped != NULL)
		kind = cache_kind(suite->cache, wrapped);
	free(wrapped);
	switch (kind) {
	case PROGRAM_CMOCKA:
	case PROGRAM_CMOCKA_INSIDE:
		return VERDICT_TESTS;
	case PROGRAM_CMOCKA_STRIPPED:
		return VERDICT_REFUSED;
	case PROGRAM_MISSING:
		return VERDICT_MISSING;
	/* What another script would start is only known by running it, and it may be anything. */
	case PROGRAM_SCRIPT:
	case PROGRAM_NO_CMOCKA:
		return VERDICT_FOREIGN;
	case PROGRAM_STATIC:
	case PROGRAM_LIBRARY:
	case PROGRAM_MUSL:
	case PROGRAM_SANITIZED:
	case PROGRAM_FOREIGN:
	case PROGRAM_PRIVILEGED:
		break;
	}
	return program_needs(path, "libcmocka") ? VERDICT_REFUSED : VERDICT_FOREIGN;
}

/* The file of a word, NULL when there is none. The caller frees it. */
static char *file_of(const struct suite_test *test, const char *word)
{
	char *joined, *path;

	if (*word == '/')
		return realpath(word, NULL);
	joined = xasprintf("%s/%s", test->directory, word);
	path = realpath(joined, NULL);
	free(joined);
	return path;
}

/* Does a command begin with one of the launchers that start a program whatever it is? */
static bool is_launched(char *const *words)
{
	const char *slash = words[0] != NULL ? strrchr(words[0], '/') : NULL;
	const char *name = slash != NULL ? slash + 1 : words[0];

	return name != NULL && (strcmp(name, "env") == 0 || strcmp(name, "valgrind") == 0 ||
				(words[1] != NULL && strcmp(words[1], "-E") == 0));
}

/* What a launcher says of folder and environment, as far as it is known: env, and cmake's -E env and -E chdir. */
static void read_launcher(char *const *words, size_t count, struct suite_changes *changes,
			  struct suite_program *program)
{
	const char *slash = count > 0 ? strrchr(words[0], '/') : NULL;
	const char *name = slash != NULL ? slash + 1 : count > 0 ? words[0] : "";
	bool is_cmake = count > 2 && strcmp(words[1], "-E") == 0;

	if (is_cmake && strcmp(words[2], "chdir") == 0 && count > 3)
		program->directory = words[3];
	if (strcmp(name, "env") != 0 && !(is_cmake && strcmp(words[2], "env") == 0))
		return;
	for (size_t i = 1; i < count; i++) {
		if (strncmp(words[i], "--unset=", 8) == 0)
			suite_change(changes, words[i] + 8);
		else if (strcmp(words[i], "-u") == 0 && i + 1 < count)
			suite_change(changes, words[++i]);
		else if (words[i][0] != '-' && strchr(words[i], '=') != NULL)
			suite_change(changes, words[i]);
	}
}

static void take(struct suite *suite, const struct suite_test *test, const char *path, size_t at)
{
	struct suite_changes changes = {.arena = suite->arena};
	struct suite_program program = {
		.path = path,
		.name = test->name,
		.package = "",
		.arguments = test->words + at + 1,
		.directory = test->directory,
		.verdict = test->verdict,
		.before = test->before,
		.is_benchmark = test->is_benchmark,
	};

	for (char *const *entry = test->environment; *entry != NULL; entry++)
		suite_change(&changes, *entry);
	read_launcher(test->words, at, &changes, &program);
	program.environment = suite_changes_list(&changes);
	suite->found_count++;
	suite->found(suite->context, &program);
}

static enum verdict add_word(struct suite *suite, const struct suite_test *test, size_t at)
{
	char *path = file_of(test, test->words[at]);
	enum verdict verdict = path != NULL ? verdict_of(suite, path) : VERDICT_MISSING;

	if (verdict == VERDICT_TESTS)
		take(suite, test, path, at);
	else if (verdict == VERDICT_REFUSED && !suite->is_silent)
		tool_error("%s %s", path, program_refusal(cache_kind(suite->cache, path)));
	free(path);
	return verdict;
}

/* Is it a path into the build folder? */
static bool is_of_build(const struct suite *suite, const char *word)
{
	size_t length = strlen(suite->folder);

	return strncmp(word, suite->folder, length) == 0 && word[length] == '/';
}

void suite_add(struct suite *suite, const struct suite_test *test)
{
	enum verdict first = VERDICT_MISSING, verdict = VERDICT_MISSING;
	bool is_unbuilt = false;

	suite->known += !test->is_benchmark;
	for (size_t i = 0; test->words[i] != NULL; i++) {
		if (i > 0 && strchr(test->words[i], '/') == NULL)
			continue;
		verdict = add_word(suite, test, i);
		if (i == 0)
			first = verdict;
		is_unbuilt |= verdict == VERDICT_MISSING && is_launched(test->words) &&
			      is_of_build(suite, test->words[i]);
		if (verdict == VERDICT_TESTS)
			return;
		if (verdict == VERDICT_REFUSED) {
			suite->refused += !test->is_benchmark;
			return;
		}
	}
	/* A launcher without a path is found in PATH: it is no program that the build would have made. What is
	 * behind one is. */
	is_unbuilt |= first == VERDICT_MISSING &&
		      (test->words[0] == NULL || strchr(test->words[0], '/') != NULL);
	if (test->is_benchmark)
		suite->unbuilt_benchmarks += is_unbuilt;
	else if (is_unbuilt)
		suite->unbuilt++;
	else
		suite->foreign++;
}

const char *suite_word(struct arena *arena, const char *text)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+-=@%,:";
	char *word, *end;

	if (*text != '\0' && text[strspn(text, plain)] == '\0')
		return text;
	/* Each quote takes four bytes. */
	word = end = arena_get(arena, 4 * strlen(text) + 3, 1);
	*end++ = '\'';
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			end = stpcpy(end, "'\\'");
		*end++ = *text;
	}
	*end = '\'';
	return word;
}

void suite_report(const struct suite *suite)
{
	if (suite->foreign > 0)
		tool_error("%s: %zu of its %zu tests have no cmocka tests", suite->kind,
			   suite->foreign, suite->known);
	if (suite->disabled > 0)
		tool_error("%s: %zu of its %zu tests are disabled", suite->kind, suite->disabled,
			   suite->known);
	if (suite->unbuilt > 0)
		tool_error("%s: the programs of %zu of its %zu tests are not built; build them "
			   "with `%s`",
			   suite->kind, suite->unbuilt, suite->known, suite->build_command);
	if (suite->unbuilt_benchmarks > 0)
		tool_error("%s: the programs of %zu benchmark%s are not built; build them with "
			   "`%s`",
			   suite->kind, suite->unbuilt_benchmarks,
			   suite->unbuilt_benchmarks == 1 ? "" : "s", suite->build_command);
	if (suite->found_count == 0)
		tool_error("%s: no cmocka program is known in %s", suite->kind, suite->folder);
}

bool suite_is_kind(const char *option)
{
#define X(name, reader) || strcmp(option, name) == 0
	return false SUITE_KINDS(X);
#undef X
}

bool suite_read(struct suite *suite, const char *kind, const char *folder)
{
	static const struct {
		const char *name;
		bool (*read)(struct suite *);
	} kinds[] = {
#define X(name, reader) {name, reader},
		SUITE_KINDS(X)
#undef X
	};
	char *absolute = realpath(folder, NULL);
	bool is_good = false;

	if (absolute == NULL) {
		tool_error("--%s %s: %s", kind, folder, strerror(errno));
		return false;
	}
	suite->kind = kind;
	suite->folder = suite_text(suite->arena, absolute);
	free(absolute);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].name, kind) == 0)
			is_good = kinds[i].read(suite);
	return is_good;
}
