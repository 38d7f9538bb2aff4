/* SPDX-License-Identifier: MIT */
#include "tool/profile/profile_runs.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/tool.h"

static bool add(struct profile_runs *runs, char *path)
{
	char error[512];
	struct profile *profile = profile_read(path, error, sizeof(error));
	size_t cap = runs->cap;

	if (!profile) {
		tool_error("%s", error);
		free(path);
		return false;
	}
	runs->profiles = xgrow(runs->profiles, runs->count, &cap, sizeof(*runs->profiles));
	runs->paths = xgrow(runs->paths, runs->count, &runs->cap, sizeof(*runs->paths));
	runs->profiles[runs->count] = profile;
	runs->paths[runs->count++] = path;
	return true;
}

/* The folder's own profile, if it has one. */
static bool add_of_folder(struct profile_runs *runs, const struct kind *kind, const char *func,
			  const char *folder)
{
	char *path = kind_path(kind, folder, func);

	if (access(path, F_OK) == 0)
		return add(runs, path);
	free(path);
	return true;
}

static bool add_of_subfolders(struct profile_runs *runs, const struct kind *kind, const char *func)
{
	struct dirent **entries;
	int count = scandir(runs->where, &entries, NULL, versionsort);
	bool is_good = true;

	for (int i = 0; i < count; i++) {
		char *folder = xasprintf("%s/%s", runs->where, entries[i]->d_name);

		if (entries[i]->d_name[0] != '.' && is_good)
			is_good = add_of_folder(runs, kind, func, folder);
		free(folder);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return is_good;
}

bool profile_runs_read(struct profile_runs *runs, const struct kind *kind, const char *func,
		       const char *where)
{
	struct stat info;

	*runs = (struct profile_runs){.where = where};
	if (stat(where, &info) != 0) {
		tool_error("%s: %s; give a profile, %s.%s.pb.gz, or a folder that has it", where,
			   strerror(errno), func, kind->file);
		return false;
	}
	if (!S_ISDIR(info.st_mode))
		return add(runs, xstrdup(where));
	return add_of_folder(runs, kind, func, where) && add_of_subfolders(runs, kind, func);
}

void profile_runs_free(struct profile_runs *runs)
{
	for (size_t i = 0; i < runs->count; i++) {
		profile_free(runs->profiles[i]);
		free(runs->paths[i]);
	}
	free(runs->profiles);
	free(runs->paths);
}

size_t *profile_runs_types(const struct profile_runs *runs, const char *type, const char *unit)
{
	size_t *types = xmalloc((runs->count + 1) * sizeof(*types));

	for (size_t i = 0; i < runs->count; i++) {
		int index = kind_type_index(runs->profiles[i], type);

		if (index < 0 || strcmp(runs->profiles[i]->types[index].unit, unit) != 0) {
			tool_error("%s has no sample type \"%s\" in %s to compare with",
				   runs->paths[i], type, unit);
			free(types);
			return NULL;
		}
		types[i] = (size_t)index;
	}
	return types;
}

/* The number in "; N runs; ", as kind_run.c writes it; the last one: names stand in front. */
static uint64_t repeats_of(const char *comment)
{
	uint64_t repeats = 0;

	for (const char *at = comment; (at = strstr(at, "; ")) != NULL; at += 2) {
		uint64_t number;
		int end = 0;

		if (sscanf(at, "; %" SCNu64 " runs; %n", &number, &end) == 1 && end > 0)
			repeats = number;
	}
	return repeats;
}

uint64_t profile_repeats(const struct profile *profile)
{
	uint64_t repeats = 0;
	size_t tests = 0;

	for (size_t i = 0; i < profile->comment_count; i++) {
		if (strncmp(profile->comments[i], "test ", 5) != 0)
			continue;
		repeats = repeats_of(profile->comments[i]);
		tests++;
	}
	return tests == 1 ? repeats : 0;
}

struct profile *profile_runs_merged(const struct profile_runs *runs)
{
	struct profile *merged = profile_new_like(runs->profiles[0]);

	for (size_t i = 0; i < runs->count; i++) {
		if (profile_merge(merged, runs->profiles[i]) == 0)
			continue;
		tool_error("%s has other sample types than %s", runs->paths[i], runs->paths[0]);
		profile_free(merged);
		return NULL;
	}
	return merged;
}

void profile_scale(struct profile *profile, double factor)
{
	for (size_t i = 0; i < profile->sample_count; i++)
		for (size_t type = 0; type < profile->type_count; type++) {
			int64_t *value = &profile->samples[i].values[type];
			double scaled = (double)*value * factor;

			*value = fabs(scaled) < 0x1p62 ? llround(scaled) : *value;
		}
}
