/* SPDX-License-Identifier: MIT */
/* pprofmk flame-diff: a flame graph coloured by what has changed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/asked/profile_file.h"
#include "tool/cmd/cmd.h"
#include "tool/picture/flame_svg.h"
#include "tool/picture/svg_file.h"
#include "tool/tool.h"

struct comparison {
	char *path;
	struct profile *base;
	size_t type;
	bool normalises;
};

static int draw(FILE *stream, const struct profile_file *file, const struct svg_profile *picture,
		void *with)
{
	struct comparison *comparison = with;
	struct flame *flame = flame_new();
	struct flame_diff diff = {.base = comparison->path};

	flame_add(flame, file->profile, file->type, FLAME_NEW);
	flame_add(flame, comparison->base, comparison->type, FLAME_BASE);
	flame_sort(flame);
	diff.is_normalised = comparison->normalises && flame->nodes[0].value[FLAME_BASE] &&
			     flame->nodes[0].value[FLAME_NEW] != flame->nodes[0].value[FLAME_BASE];
	flame_svg_write(stream, flame, picture, &diff);
	flame_free(flame);
	return 0;
}

/* --base: a file, or a folder with one of the same test and kind. The caller frees it. */
static char *base_path(const struct profile_file *file, const char *base)
{
	struct stat info;

	if (stat(base, &info) == 0 && S_ISDIR(info.st_mode))
		return kind_path(file->kind, base, file->func);
	return xstrdup(base);
}

/* TOOL_OK, or the exit status after saying what is wrong. */
static int read_base(struct comparison *comparison, const struct profile_file *file)
{
	const struct profile_value_type *wanted = &file->profile->types[file->type];
	char error[512];
	int type;

	if (access(comparison->path, F_OK) != 0) {
		tool_error("%s: %s; give a profile, %s.%s.pb.gz, or a folder that has it",
			   comparison->path, strerror(errno), file->func, file->kind->file);
		return TOOL_FAILED;
	}
	comparison->base = profile_read(comparison->path, error, sizeof(error));
	if (!comparison->base) {
		tool_error("%s", error);
		return TOOL_FAILED;
	}
	type = kind_type_index(comparison->base, wanted->type);
	if (type < 0 || strcmp(comparison->base->types[type].unit, wanted->unit) != 0) {
		tool_error("%s has no sample type \"%s\" in %s to compare with", comparison->path,
			   wanted->type, wanted->unit);
		return TOOL_FAILED;
	}
	comparison->type = (size_t)type;
	return TOOL_OK;
}

static int compare(struct profile_file *file, const struct options *options)
{
	struct comparison comparison = {0};
	int status = profile_file_choose_type(file, options);

	if (status != TOOL_OK)
		return status;
	comparison.path = base_path(file, options_text(options, "base"));
	comparison.normalises = strcmp(options_text(options, "normalize"), "yes") == 0;
	status = read_base(&comparison, file);
	if (status == TOOL_OK &&
	    svg_file_write(file, options, "flame.diff", draw, &comparison) != 0)
		status = TOOL_FAILED;
	profile_free(comparison.base);
	free(comparison.path);
	return status;
}

int cmd_flame_diff(const struct options *options)
{
	return profile_file_show(options, compare);
}
