/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/cmd/cmd.h"
#include "tool/common/names.h"
#include "tool/launch/launch.h"
#include "tool/options.h"
#include "tool/suite/catalog.h"
#include "tool/suite/suite.h"
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

/* A row of names that are the programs': one line each, whatever is in them. */
struct row {
	char *test, *program, *package;
};

static struct row row_of(const struct catalog_test *test)
{
	const char *owner = test->as->name[0] != '\0' ? test->as->name : test->package;

	return (struct row){names_printable(test->title),
			    names_printable(short_path(test->program)),
			    names_printable(owner[0] != '\0' ? owner : "-")};
}

static void row_free(struct row *row)
{
	free(row->test);
	free(row->program);
	free(row->package);
}

static void print(const struct catalog *catalog)
{
	const char *owner = catalog->suites_len > 0 ? catalog->suites[0].kind : "package";
	int test_width = 4, program_width = 7;
	struct row *rows = xcalloc(catalog->count, sizeof *rows);

	for (size_t i = 0; i < catalog->count; i++) {
		rows[i] = row_of(&catalog->tests[i]);
		widen(&test_width, rows[i].test);
		widen(&program_width, rows[i].program);
	}
	printf("%-*s  %-*s  ", test_width, "TEST", program_width, "PROGRAM");
	for (; *owner != '\0'; owner++)
		putchar(toupper((unsigned char)*owner));
	putchar('\n');
	for (size_t i = 0; i < catalog->count; i++) {
		printf("%-*s  %-*s  %s\n", test_width, rows[i].test, program_width, rows[i].program,
		       rows[i].package);
		row_free(&rows[i]);
	}
	free(rows);
}

int cmd_list(const struct options *options)
{
	struct catalog catalog;
	int status;

	catalog_read(&catalog, options, CATALOG_REMEMBERS);
	catalog_report(&catalog);
	if (catalog.program_count == 0)
		status = options_wrong(options->command, CATALOG_NONE_GIVEN);
	else if (launch_interrupted() || catalog.refused_count > 0)
		status = TOOL_FAILED;
	else
		status = TOOL_OK;
	catalog_select(&catalog, NULL);
	if (catalog.count > 0)
		print(&catalog);
	catalog_free(&catalog);
	return status;
}
