/* SPDX-License-Identifier: MIT */
#include "tool/suite/catalog.h"

#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/common/names.h"
#include "tool/launch/launch.h"
#include "tool/launch/program.h"
#include "tool/suite/cache.h"
#include "tool/suite/catalog_ask.h"
#include "tool/suite/suite.h"
#include "tool/tool.h"

char *catalog_keep(struct catalog *catalog, char *text)
{
	catalog->strings = xgrow(catalog->strings, catalog->string_count, &catalog->string_cap,
				 sizeof *catalog->strings);
	return catalog->strings[catalog->string_count++] = text;
}

static void add_test(struct catalog *catalog, const struct cache_test *item,
		     const struct suite_program *program)
{
	struct catalog_test *test;

	catalog->tests =
		xgrow(catalog->tests, catalog->count, &catalog->cap, sizeof *catalog->tests);
	test = &catalog->tests[catalog->count++];
	memset(test, 0, sizeof *test);
	test->name = suite_text(&catalog->arena, item->name);
	test->group = suite_text(&catalog->arena, item->group);
	test->program = program->path;
	test->package = program->package;
	test->as = program;
	test->group_index = item->group_index;
	test->test_index = item->test_index;
}

static void count_occurrences(struct catalog_test *tests, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		tests[i].occurrence = 1;
		tests[i].is_told_by_group = tests[i].group[0] != '\0';
		for (size_t j = 0; j < count; j++) {
			if (strcmp(tests[i].name, tests[j].name) != 0)
				continue;
			tests[i].occurrences++;
			tests[i].occurrence += j < i;
			tests[i].is_told_by_group &=
				i == j || strcmp(tests[i].group, tests[j].group) != 0;
		}
	}
}

static void add_tests(struct catalog *catalog, const struct suite_program *program,
		      const struct cache_test *tests, size_t count)
{
	size_t before = catalog->count;

	for (size_t i = 0; i < count; i++)
		add_test(catalog, &tests[i], program);
	count_occurrences(catalog->tests + before, count);
}

/* A suite is all that there is: one of its programs that can't be asked need not be of interest. */
static void refuse(struct catalog *catalog, const struct suite_program *program)
{
	if (program->is_benchmark)
		return;
	if (program->name[0] != '\0')
		catalog->unready_count++;
	else
		catalog->refused_count++;
}

static void ask(struct catalog *catalog, const struct suite_program *program)
{
	struct recording recording;
	struct cache_test *tests;
	size_t count;
	bool skips;
	bool is_new = catalog->memory != CATALOG_ASKS_AGAIN ||
		      cache_find(catalog->cache, program, &count) != NULL;

	if (catalog_ask(&recording, program, is_new, &skips)) {
		tests = catalog_answer(&recording, &count);
		add_tests(catalog, program, tests, count);
		cache_add(catalog->cache, program, tests, count);
		free(tests);
	} else if (skips) {
		catalog->skipping_count++;
	} else if (!launch_interrupted()) {
		refuse(catalog, program);
	}
	recording_free(&recording);
}

/* Globs may overlap, and a suite may run a program twice: none is asked twice for the same. */
static bool is_known(const struct catalog *catalog, const struct suite_program *program)
{
	for (size_t i = 0; i < catalog->programs_len; i++)
		if (suite_program_is_same(catalog->programs[i], program))
			return true;
	return false;
}

static void add_program(struct catalog *catalog, const struct suite_program *program)
{
	const struct cache_test *tests = NULL;
	size_t count = 0;

	if (is_known(catalog, program))
		return;
	program = suite_program_copy(&catalog->arena, program);
	catalog->programs = xgrow(catalog->programs, catalog->programs_len, &catalog->programs_cap,
				  sizeof *catalog->programs);
	catalog->programs[catalog->programs_len++] = program;
	catalog->program_count++;
	if (catalog->memory == CATALOG_REMEMBERS)
		tests = cache_find(catalog->cache, program, &count);
	if (tests == NULL) {
		ask(catalog, program);
		return;
	}
	catalog->is_remembered = true;
	add_tests(catalog, program, tests, count);
}

/* What the options say of the programs behind them. */
struct asked {
	const char *package;
	char *const *arguments;
};

static void add_path(struct catalog *catalog, const char *path, const struct asked *asked)
{
	char *absolute = realpath(path, NULL);
	enum program_kind kind =
		absolute != NULL ? cache_kind(catalog->cache, absolute) : PROGRAM_MISSING;

	if (program_is_usable(kind)) {
		add_program(catalog, &(struct suite_program){.path = absolute,
							     .name = "",
							     .package = asked->package,
							     .arguments = asked->arguments,
							     .environment = (char *[]){NULL}});
	} else {
		catalog->program_count++;
		catalog->refused_count++;
		if (catalog->memory != CATALOG_ASKS_AGAIN)
			tool_error("%s %s%s", path, program_refusal(kind),
				   kind == PROGRAM_MISSING && strchr(path, '/') == NULL
					   ? "; a test is named with --func"
					   : "");
	}
	free(absolute);
}

/* A word that names a file is that file, whatever characters it has. */
static void add_word(struct catalog *catalog, const char *word, const struct asked *asked)
{
	glob_t found;

	if (strpbrk(word, "*?[") != NULL && access(word, F_OK) != 0 &&
	    glob(word, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc && !launch_interrupted(); i++)
			add_path(catalog, found.gl_pathv[i], asked);
		globfree(&found);
		return;
	}
	add_path(catalog, word, asked);
}

/* What the reader of a suite is given to call for each program. */
struct finding {
	struct catalog *catalog;
	char *const *arguments; /* after those that the suite gives */
};

static void add_found(void *context, const struct suite_program *program)
{
	const struct finding *finding = context;
	struct suite_program with = *program;
	char **all;
	size_t count = 0, more = 0;

	if (launch_interrupted())
		return;
	while (program->arguments[count] != NULL)
		count++;
	while (finding->arguments[more] != NULL)
		more++;
	all = xcalloc(count + more + 1, sizeof *all);
	memcpy(all, program->arguments, count * sizeof *all);
	memcpy(all + count, finding->arguments, more * sizeof *all);
	with.arguments = all;
	add_program(finding->catalog, &with);
	free(all);
}

static void add_suite(struct catalog *catalog, const char *kind, const char *folder,
		      const struct options *options)
{
	struct finding finding = {catalog, options->arguments};
	const char *config = options_text(options, "config");
	struct suite suite = {
		.config = config != NULL && *config != '\0' ? config : NULL,
		.arena = &catalog->arena,
		.cache = catalog->cache,
		.found = add_found,
		.context = &finding,
		.is_silent = catalog->memory == CATALOG_ASKS_AGAIN,
	};
	bool is_read = suite_read(&suite, kind, folder);

	if (!is_read || suite.found_count == 0) {
		catalog->program_count++;
		catalog->refused_count++;
	}
	if (!is_read)
		return;
	catalog->project = suite.project;
	catalog->unready_count += suite.unbuilt + suite.refused;
	catalog->suites = xgrow(catalog->suites, catalog->suites_len, &catalog->suites_cap,
				sizeof *catalog->suites);
	catalog->suites[catalog->suites_len++] = suite;
}

void catalog_report(const struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->suites_len; i++)
		suite_report(&catalog->suites[i]);
}

void catalog_read(struct catalog *catalog, const struct options *options,
		  enum catalog_memory memory)
{
	struct asked asked = {"", options->arguments};

	memset(catalog, 0, sizeof *catalog);
	catalog->memory = memory;
	catalog->cache = cache_open(options_text(options, "out"));
	for (size_t i = 0; i < options->item_count && !launch_interrupted(); i++) {
		const struct options_item *item = &options->items[i];

		if (strcmp(item->option->name, "package") == 0)
			asked.package = item->value;
		else if (strcmp(item->option->name, "bin") == 0)
			add_word(catalog, item->value, &asked);
		else if (suite_is_kind(item->option->name) && *item->value != '\0')
			add_suite(catalog, item->option->name, item->value, options);
	}
	catalog_save(catalog);
}

void catalog_save(struct catalog *catalog)
{
	cache_save(catalog->cache);
}

/* Does the program still have the test where it was? */
static bool has_test(const struct cache_test *tests, size_t count, const struct catalog_test *test)
{
	for (size_t i = 0; i < count; i++)
		if (tests[i].group_index == test->group_index &&
		    tests[i].test_index == test->test_index)
			return strcmp(tests[i].name, test->name) == 0;
	return false;
}

static bool is_true_of(const struct catalog *catalog, const struct suite_program *program)
{
	struct recording recording;
	struct cache_test *tests = NULL;
	size_t count = 0;
	bool skips;
	bool is_true = catalog_ask(&recording, program, false, &skips);

	if (is_true)
		tests = catalog_answer(&recording, &count);
	for (size_t i = 0; i < catalog->count && is_true; i++)
		if (catalog->tests[i].as == program)
			is_true = has_test(tests, count, &catalog->tests[i]);
	free(tests);
	recording_free(&recording);
	return is_true;
}

bool catalog_is_true(const struct catalog *catalog)
{
	bool is_true = true;

	if (!catalog->is_remembered)
		return true;
	for (size_t i = 0; i < catalog->count && is_true && !launch_interrupted(); i++)
		if (i == 0 || catalog->tests[i].as != catalog->tests[i - 1].as)
			is_true = is_true_of(catalog, catalog->tests[i].as);
	return is_true;
}

void catalog_free(struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->string_count; i++)
		free(catalog->strings[i]);
	free(catalog->strings);
	free(catalog->tests);
	free(catalog->programs);
	free(catalog->suites);
	arena_free(&catalog->arena);
	cache_close(catalog->cache);
}

size_t catalog_nearest(const struct catalog *catalog, const char *wrong, const char **nearest,
		       size_t cap)
{
	const char **names = xcalloc(catalog->count + 1, sizeof *names);
	size_t count;

	for (size_t i = 0; i < catalog->count; i++)
		names[i] = catalog->tests[i].name;
	count = names_nearest(wrong, names, catalog->count, nearest, cap);
	free(names);
	return count;
}
