/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tool/catalog.h"
#include "tool/launch.h"
#include "tool/options.h"
#include "tool/tool.h"

/* A program below the working directory as it would be typed there. */
static const char *short_path(const char *path)
{
	static char cwd[4096];

	if (cwd[0] == '\0' && getcwd(cwd, sizeof cwd) == NULL)
		return path;
	if (strncmp(path, cwd, strlen(cwd)) == 0 && path[strlen(cwd)] == '/')
		return path + strlen(cwd) + 1;
	return path;
}

static void widen(int *width, const char *text)
{
	int length = (int)strlen(text);

	if (length > *width)
		*width = length;
}

static void print(const struct catalog *catalog)
{
	int test_width = 4, program_width = 7;

	for (size_t i = 0; i < catalog->count; i++) {
		widen(&test_width, catalog->tests[i].title);
		widen(&program_width, short_path(catalog->tests[i].program));
	}
	printf("%-*s  %-*s  %s\n", test_width, "TEST", program_width, "PROGRAM", "PACKAGE");
	for (size_t i = 0; i < catalog->count; i++) {
		const struct catalog_test *test = &catalog->tests[i];
		const char *package = test->package[0] != '\0' ? test->package : "-";

		printf("%-*s  %-*s  %s\n", test_width, test->title, program_width,
		       short_path(test->program), package);
	}
}

int cmd_list(int argc, char **argv)
{
	struct options options;
	struct catalog catalog;
	int status;

	if (!options_parse(&options, argc, argv, &status))
		return status;
	catalog_read(&catalog, &options);
	if (catalog.program_count == 0)
		status = options_wrong(options.command, "no test program given (--bin)");
	else if (launch_interrupted() || catalog.refused_count > 0)
		status = TOOL_FAILED;
	else
		status = TOOL_OK;
	catalog_select(&catalog, NULL);
	if (catalog.count > 0)
		print(&catalog);
	catalog_free(&catalog);
	options_free(&options);
	return status;
}
