/* SPDX-License-Identifier: MIT */
#include "tool/asked/profile_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/asked/live_folder.h"
#include "tool/asked/similar.h"
#include "tool/asked/trace_profile_file.h"
#include "tool/common/human.h"
#include "tool/common/names.h"
#include "tool/profile/top.h"
#include "tool/tool.h"

static int say_missing(const struct profile_file *file, const char *dir)
{
	char *suffix;

	tool_error("%s is not there; `make pprof.test Func=%s` with its Package= or Bin= makes it",
		   file->path, file->func);
	suffix = xasprintf(".%s.pb.gz", file->kind->file);
	similar_say(dir, suffix, file->func);
	free(suffix);
	return TOOL_FAILED;
}

static int read_profile(struct profile_file *file)
{
	char error[512];
	int type;

	file->profile = profile_read(file->path, error, sizeof(error));
	if (!file->profile) {
		tool_error("%s", error);
		return TOOL_FAILED;
	}
	type = kind_type_index(file->profile, file->kind->shown);
	if (type < 0) {
		tool_error("%s: no %s profile, it has no sample type \"%s\"", file->path,
			   file->kind->name, file->kind->shown);
		return TOOL_FAILED;
	}
	file->type = (size_t)type;
	return TOOL_OK;
}

/* The folder that has the profile, or the trace that it is made from. */
static char *folder_of(const struct profile_file *file, const char *out)
{
	char *suffix = kind_is_of_trace(file->kind) ? xstrdup("trace")
						    : xasprintf("%s.pb.gz", file->kind->file);
	char *dir = live_folder_with(out, file->func, suffix);

	free(suffix);
	return dir;
}

int profile_file_open(struct profile_file *file, const struct options *options)
{
	char *dir;
	int status;

	memset(file, 0, sizeof(*file));
	file->func = options_text(options, "func");
	file->kind = kind_find(options_text(options, "kind"));
	dir = folder_of(file, options_text(options, "out"));
	file->path = kind_path(file->kind, dir, file->func);
	if (kind_is_of_trace(file->kind))
		status = trace_profile_refresh(file->kind, dir, file->func);
	else
		status = access(file->path, F_OK) == 0 ? TOOL_OK : say_missing(file, dir);
	free(dir);
	if (status == TOOL_OK)
		status = read_profile(file);
	if (status != TOOL_OK)
		profile_file_close(file);
	return status;
}

/* "alloc_objects, alloc_space": the caller frees it. */
static char *type_names(const struct profile *profile)
{
	char *names = xstrdup("");

	for (size_t i = 0; i < profile->type_count; i++) {
		char *more = xasprintf("%s%s%s", names, i > 0 ? ", " : "", profile->types[i].type);

		free(names);
		names = more;
	}
	return names;
}

int profile_file_choose_type(struct profile_file *file, const struct options *options)
{
	const char *wanted = options_text(options, "type");
	int type = wanted ? kind_type_index(file->profile, wanted) : (int)file->type;
	char typed[OPTIONS_TYPED_SIZE], *names;

	if (type >= 0) {
		file->type = (size_t)type;
		return TOOL_OK;
	}
	names = type_names(file->profile);
	tool_error("%s has no sample type \"%s\": %s is one of %s", file->path, wanted,
		   options_typed("type", typed), names);
	free(names);
	return TOOL_USAGE;
}

void profile_file_title(FILE *stream, const struct profile_file *file)
{
	const struct profile *profile = file->profile;
	char value[HUMAN_SIZE];

	fprintf(stream, "%s: %s", file->func, file->kind->name);
	for (size_t i = 0; i < profile->type_count; i++) {
		size_t type = (file->type + i) % profile->type_count;

		fprintf(stream, ", %s %s",
			human_value(value, sizeof(value), top_total(profile, type),
				    profile->types[type].unit),
			profile->types[type].type);
	}
	putc('\n', stream);
}

void profile_file_close(struct profile_file *file)
{
	profile_free(file->profile);
	free(file->path);
	memset(file, 0, sizeof(*file));
}

int profile_file_show(const struct options *options,
		      int (*show)(struct profile_file *file, const struct options *options))
{
	struct profile_file file;
	int status = profile_file_open(&file, options);

	if (status == TOOL_OK) {
		status = show(&file, options);
		profile_file_close(&file);
	}
	return status;
}
