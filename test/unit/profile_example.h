/* SPDX-License-Identifier: MIT */
/* A profile made by hand, and a folder to write it to. */
#ifndef PPROFMK_TEST_UNIT_PROFILE_EXAMPLE_H
#define PPROFMK_TEST_UNIT_PROFILE_EXAMPLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "format/profile.h"

/* main calls leaf, which has helper inlined: 3 samples there, 1 in main itself. */
static inline struct profile *example_profile(void)
{
	struct profile *profile = profile_new();
	struct profile_mapping mapping = {.start = 0x400000,
					  .limit = 0x401000,
					  .offset = 0x1000,
					  .path = "/bin/demo",
					  .build_id = "00ff",
					  .has_functions = 1,
					  .has_filenames = 1,
					  .has_lines = 1,
					  .has_inlines = 1};
	struct profile_function helper = {"helper", "helper", "leaf.h", 3};
	struct profile_function leaf = {"leaf", "leaf", "leaf.c", 10};
	struct profile_function root = {"main", "main", "main.c", 1};
	uint64_t map = profile_add_mapping(profile, &mapping);
	struct profile_line inlined[] = {{profile_add_function(profile, &helper), 4},
					 {profile_add_function(profile, &leaf), 12}};
	struct profile_line plain[] = {{profile_add_function(profile, &root), 5}};
	struct profile_location in_leaf = {map, 0x400010, 2, inlined};
	struct profile_location in_main = {map, 0x400100, 1, plain};
	uint64_t stack[] = {profile_add_location(profile, &in_leaf),
			    profile_add_location(profile, &in_main)};
	struct profile_label labels[] = {{"thread", "worker"}, {"test", "test_x"}};
	struct profile_sample deep = {.location_count = 2,
				      .locations = stack,
				      .values = {3, 3000000},
				      .label_count = 2,
				      .labels = labels};
	struct profile_sample shallow = {
		.location_count = 1, .locations = stack + 1, .values = {1, 1000000}};

	profile_add_type(profile, "samples", "count");
	profile_add_type(profile, "cpu", "nanoseconds");
	profile->default_type = profile_string(profile, "cpu");
	profile->period_type.type = profile_string(profile, "cpu");
	profile->period_type.unit = profile_string(profile, "nanoseconds");
	profile->period = 1000000;
	profile->time_nanos = INT64_C(1700000000000000000);
	profile->duration_nanos = 500000000;
	profile_add_comment(profile, "made by hand");
	profile_add_sample(profile, &deep);
	profile_add_sample(profile, &shallow);
	return profile;
}

/* A fresh folder; example_clean() removes it with its files. */
static inline char *example_folder(void)
{
	char *folder = strdup("/tmp/pprofmk-unit-XXXXXX");

	if (folder && mkdtemp(folder))
		return folder;
	free(folder);
	return NULL;
}

static inline void example_clean(char *folder)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -rf -- '%s'", folder);
	if (system(command) != 0)
		fprintf(stderr, "%s is left\n", folder);
	free(folder);
}

/* Files in a folder. */
static inline int example_count(const char *folder)
{
	char command[256], line[32] = "";
	FILE *pipe;

	snprintf(command, sizeof(command), "ls -A -- '%s' | wc -l", folder);
	pipe = popen(command, "r");
	if (!pipe || !fgets(line, sizeof(line), pipe))
		strcpy(line, "-1");
	if (pipe)
		pclose(pipe);
	return atoi(line);
}

/* What a shell command prints, up to size - 1 bytes. */
static inline void example_output(const char *command, char *text, size_t size)
{
	FILE *pipe = popen(command, "r");
	size_t len = pipe ? fread(text, 1, size - 1, pipe) : 0;

	text[len] = '\0';
	if (pipe)
		pclose(pipe);
}

#endif
