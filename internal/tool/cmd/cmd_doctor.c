/* SPDX-License-Identifier: MIT */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/cmd/cmd.h"
#include "tool/cmd/doctor.h"
#include "tool/launch/program.h"
#include "tool/options.h"
#include "tool/suite/suite.h"
#include "tool/tool.h"

static const char *const grades[] = {
	[FINDING_OK] = "ok", [FINDING_WARNING] = "note", [FINDING_BAD] = "BAD"};

static bool report(const char *subject, struct finding found)
{
	printf("%-4s  %-12s %s\n", grades[found.grade], subject, found.fact);
	if (found.cure[0] != '\0')
		printf("      %-12s -> %s\n", "", found.cure);
	return found.grade != FINDING_BAD;
}

static bool report_program(const char *path)
{
	bool is_good;

	printf("%s\n", path);
	is_good = report("program", doctor_program(path));
	if (program_is_usable(program_kind(path)) && program_kind(path) != PROGRAM_SCRIPT)
		report("gperftools", doctor_gperftools(path));
	return is_good;
}

static bool report_word(const char *word)
{
	bool is_good = true;
	glob_t found;

	if (glob(word, GLOB_NOCHECK | GLOB_NOESCAPE, NULL, &found) != 0)
		return report_program(word);
	for (size_t i = 0; i < found.gl_pathc; i++)
		is_good &= report_program(found.gl_pathv[i]);
	globfree(&found);
	return is_good;
}

/* The programs of a suite, which may run one in several ways. */
struct suite_look {
	char **paths;
	size_t len, cap;
	bool is_good;
};

static void report_found(void *context, const struct suite_program *program)
{
	struct suite_look *look = context;

	for (size_t i = 0; i < look->len; i++)
		if (strcmp(look->paths[i], program->path) == 0)
			return;
	look->paths = xgrow(look->paths, look->len, &look->cap, sizeof *look->paths);
	look->paths[look->len++] = xstrdup(program->path);
	look->is_good &= report_program(program->path);
}

static bool report_suite(const struct options *options, const struct options_item *item)
{
	const char *config = options_text(options, "config");
	struct suite_look look = {.is_good = true};
	struct arena arena = {0};
	struct suite suite = {
		.config = config != NULL && *config != '\0' ? config : NULL,
		.arena = &arena,
		.cache = cache_open(NULL),
		.found = report_found,
		.context = &look,
	};

	if (!suite_read(&suite, item->option->name, item->value))
		look.is_good = false;
	else
		suite_report(&suite);
	for (size_t i = 0; i < look.len; i++)
		free(look.paths[i]);
	free(look.paths);
	cache_close(suite.cache);
	arena_free(&arena);
	return look.is_good && suite.refused == 0;
}

static bool report_item(const struct options *options, const struct options_item *item)
{
	if (suite_is_kind(item->option->name))
		return *item->value == '\0' || report_suite(options, item);
	return strcmp(item->option->name, "bin") != 0 || report_word(item->value);
}

int cmd_doctor(const struct options *options)
{
	bool is_good = true;

	for (size_t i = 0; i < doctor_check_count; i++)
		is_good &= report(doctor_checks[i].subject, doctor_checks[i].look());
	for (size_t i = 0; i < options->item_count; i++)
		is_good &= report_item(options, &options->items[i]);
	return is_good ? TOOL_OK : TOOL_FAILED;
}
