/* SPDX-License-Identifier: MIT */
#include "tool/run/base_programs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/suite/suite.h"
#include "tool/tool.h"

bool base_programs_begin(struct base_programs *base)
{
	const char *there = base->dir != NULL ? base->dir : ".";

	base->here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	base->there = open(there, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (base->here >= 0 && base->there >= 0)
		return true;
	tool_error("%s: %s", there, strerror(errno));
	base_programs_end(base);
	return false;
}

void base_programs_end(struct base_programs *base)
{
	if (base->here >= 0)
		close(base->here);
	if (base->there >= 0)
		close(base->there);
}

static void go_to(int folder)
{
	if (fchdir(folder) == 0)
		return;
	tool_error("cannot change the folder: %s", strerror(errno));
	exit(TOOL_FAILED);
}

void base_programs_enter(const struct base_programs *base)
{
	go_to(base->there);
}

void base_programs_leave(const struct base_programs *base)
{
	go_to(base->here);
}

/* Options that name programs, each with one of the same name behind "base-". */
static const char *const program_options[] = {
#define X(name, reader) name,
	SUITE_KINDS(X)
#undef X
		"bin"};

enum { PROGRAM_OPTIONS = sizeof program_options / sizeof *program_options };

static const char *base_name(size_t i, char out[static 32])
{
	snprintf(out, 32, "base-%s", program_options[i]);
	return out;
}

bool base_programs_given(const struct options *options, bool is_base)
{
	char name[32];

	for (size_t i = 0; i < PROGRAM_OPTIONS; i++)
		if (options_has_text(options, is_base ? base_name(i, name) : program_options[i]))
			return true;
	return false;
}

static const struct option *option_of(const struct options *options, const char *name)
{
	const struct option *option = options->command->options;

	while (strcmp(option->name, name) != 0)
		option++;
	return option;
}

/* An item as the base has it: one behind "base-" without that, the new side's programs not at all. */
static bool take_base_item(const struct options *options, struct options_item *item)
{
	char name[32];

	for (size_t i = 0; i < PROGRAM_OPTIONS; i++) {
		if (strcmp(item->option->name, program_options[i]) == 0)
			return false;
		if (strcmp(item->option->name, base_name(i, name)) == 0)
			item->option = option_of(options, program_options[i]);
	}
	return true;
}

/* The options as if --base-bin were --bin, and so on. The items are to be freed. */
static struct options base_options(const struct options *options)
{
	struct options base = *options;

	base.items = xcalloc(options->item_count + 1, sizeof *base.items);
	base.item_count = 0;
	for (size_t i = 0; i < options->item_count; i++) {
		struct options_item item = options->items[i];

		if (take_base_item(options, &item))
			base.items[base.item_count++] = item;
	}
	return base;
}

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

const struct catalog_test *base_programs_find(const struct catalog *catalog,
					      const struct catalog_test *test)
{
	const struct catalog_test *best = NULL;
	int best_points = -1;

	for (size_t i = 0; i < catalog->count; i++) {
		const struct catalog_test *one = &catalog->tests[i];
		int points = 4 * (strcmp(one->package, test->package) == 0) +
			     2 * (strcmp(one->as->name, test->as->name) == 0) +
			     (strcmp(file_name(one->program), file_name(test->program)) == 0);

		if (strcmp(one->name, test->name) != 0 || one->occurrence != test->occurrence ||
		    points <= best_points)
			continue;
		best = one;
		best_points = points;
	}
	return best;
}

void base_programs_read(const struct base_programs *base, struct catalog *catalog,
			const struct options *options)
{
	struct options own = base_options(options);

	base_programs_enter(base);
	catalog_read(catalog, &own, CATALOG_ASKS);
	catalog_select(catalog, NULL);
	base_programs_leave(base);
	free(own.items);
}
