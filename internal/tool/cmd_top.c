/* SPDX-License-Identifier: MIT */
/* pprofmk top: the functions of a profile, in the terminal. */
#include "tool/human.h"
#include "tool/options.h"
#include "tool/profile_file.h"
#include "tool/tool.h"
#include "tool/top.h"

/* "test_x: cpu, 1.20s of cpu, 1200 samples": all sample types, the one shown first. */
static void print_title(const struct profile_file *file)
{
	const struct profile *profile = file->profile;
	char value[HUMAN_SIZE];

	printf("%s: %s", file->func, file->kind->name);
	for (size_t i = 0; i < profile->type_count; i++) {
		size_t type = (file->type + i) % profile->type_count;

		printf(", %s %s",
		       human_value(value, sizeof(value), top_total(profile, type),
				   profile->types[type].unit),
		       profile->types[type].type);
	}
	putchar('\n');
}

static int show(struct profile_file *file, const struct options *options)
{
	uint64_t number = 0;

	options_value(options, "number", &number);
	print_title(file);
	top_print(stdout, file->profile, file->type, number);
	return TOOL_OK;
}

int cmd_top(int argc, char **argv)
{
	return profile_file_show(argc, argv, show);
}
