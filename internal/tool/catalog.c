/* SPDX-License-Identifier: MIT */
#include "tool/catalog.h"

#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tool/launch.h"
#include "tool/names.h"
#include "tool/program.h"
#include "tool/recording.h"
#include "tool/tool.h"

/* A program that has not come to its first group after this time is waiting for something. */
#define LIST_LIMIT_NS UINT64_C(60000000000)

char *catalog_keep(struct catalog *catalog, char *text)
{
	catalog->strings = xgrow(catalog->strings, catalog->string_count, &catalog->string_cap,
				 sizeof *catalog->strings);
	return catalog->strings[catalog->string_count++] = text;
}

static void add_test(struct catalog *catalog, const struct recording *recording,
		     const struct rec_test *item, const char *program, const char *package)
{
	struct catalog_test *test;

	catalog->tests =
		xgrow(catalog->tests, catalog->count, &catalog->cap, sizeof *catalog->tests);
	test = &catalog->tests[catalog->count++];
	memset(test, 0, sizeof *test);
	test->name = catalog_keep(catalog, xstrdup(recording_string(recording, item->name)));
	test->group = catalog_keep(catalog, xstrdup(recording_string(recording, item->group_name)));
	test->program = program;
	test->package = package;
	test->group_index = item->group_index;
	test->test_index = item->test_index;
}

static void count_occurrences(struct catalog_test *tests, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		tests[i].occurrence = 1;
		for (size_t j = 0; j < i; j++)
			tests[i].occurrence += strcmp(tests[i].name, tests[j].name) == 0;
		for (size_t j = 0; j < count; j++)
			tests[i].occurrences += strcmp(tests[i].name, tests[j].name) == 0;
	}
}

/* Why a program that may be run has told nothing. */
static void report_silence(const char *program, const struct launch_result *result,
			   const struct rec_state *state)
{
	if (result->end == LAUNCH_NOT_STARTED)
		tool_error("%s: %s", program, strerror(result->status));
	else if (result->end == LAUNCH_TIME_LIMIT)
		tool_error("%s: it did not come to its tests within a minute", program);
	else if (state->message[0] != '\0')
		tool_error("%s: %.*s", program, (int)sizeof state->message, state->message);
	else if (atomic_load(&state->pid) == 0)
		tool_error(
			"%s: the runtime did not get into it: either it starts no program that "
			"imports cmocka's _cmocka_run_group_tests, or libpprofmk.so is of another "
			"build than pprofmk (`make build`)",
			program);
	else
		tool_error("%s: it ran no group of tests (%s %d); does it need arguments (Args=) "
			   "or another folder?",
			   program, result->end == LAUNCH_SIGNALLED ? "signal" : "exit status",
			   result->status);
}

static void ask(struct catalog *catalog, const char *program, const char *package,
		char *const *arguments)
{
	struct rec_config config = {.kind = REC_KIND_LIST};
	struct recording recording;
	struct launch_result result;
	size_t before = catalog->count;
	uint32_t count;

	if (!recording_new(&recording, &config)) {
		tool_error("no memory for a recording");
		exit(TOOL_FAILED);
	}
	result = launch(&(struct launch){.program = program,
					 .arguments = arguments,
					 .recording = &recording,
					 .limit_ns = LIST_LIMIT_NS,
					 .output_fd = -1});
	count = recording_len(&recording, REC_TESTS);
	for (uint32_t i = 0; i < count; i++)
		add_test(catalog, &recording,
			 &recording_table(&recording, TESTS, struct rec_test)[i], program, package);
	count_occurrences(catalog->tests + before, catalog->count - before);
	if (atomic_load(&recording.rec->state.groups) == 0 && !launch_interrupted()) {
		report_silence(program, &result, &recording.rec->state);
		catalog->refused_count++;
	}
	recording_free(&recording);
}

/* Globs may overlap: no program is asked twice. */
static bool is_known(const struct catalog *catalog, const char *program)
{
	for (size_t i = 0; i < catalog->count; i++)
		if (strcmp(catalog->tests[i].program, program) == 0)
			return true;
	return false;
}

static void add_program(struct catalog *catalog, const char *path, const char *package,
			char *const *arguments)
{
	enum program_kind kind = program_kind(path);
	char *absolute = realpath(path, NULL);

	if (absolute != NULL && is_known(catalog, absolute)) {
		free(absolute);
		return;
	}
	catalog->program_count++;
	if (!program_is_usable(kind) || absolute == NULL) {
		tool_error("%s %s", path,
			   program_refusal(absolute == NULL ? PROGRAM_MISSING : kind));
		catalog->refused_count++;
		free(absolute);
		return;
	}
	ask(catalog, catalog_keep(catalog, absolute), package, arguments);
}

/* A word that names a file is that file, whatever characters it has. */
static void add_word(struct catalog *catalog, const char *word, const char *package,
		     char *const *arguments)
{
	glob_t found;

	if (strpbrk(word, "*?[") != NULL && program_kind(word) == PROGRAM_MISSING &&
	    glob(word, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc && !launch_interrupted(); i++)
			add_program(catalog, found.gl_pathv[i], package, arguments);
		globfree(&found);
		return;
	}
	add_program(catalog, word, package, arguments);
}

void catalog_read(struct catalog *catalog, const struct options *options)
{
	const char *package = "";

	memset(catalog, 0, sizeof *catalog);
	for (size_t i = 0; i < options->item_count && !launch_interrupted(); i++) {
		const struct options_item *item = &options->items[i];

		if (strcmp(item->option->name, "package") == 0)
			package = item->value;
		else if (strcmp(item->option->name, "bin") == 0)
			add_word(catalog, item->value, package, options->arguments);
	}
}

void catalog_free(struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->string_count; i++)
		free(catalog->strings[i]);
	free(catalog->strings);
	free(catalog->tests);
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
