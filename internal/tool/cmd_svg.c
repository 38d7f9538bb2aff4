/* SPDX-License-Identifier: MIT */
/* pprofmk svg: pictures of a profile that need nothing else. */
#include <stdlib.h>
#include <string.h>

#include "format/write_file.h"
#include "tool/flame_svg.h"
#include "tool/names.h"
#include "tool/options.h"
#include "tool/profile_file.h"
#include "tool/tool.h"

/* The sample type wanted, when it is not the one that the kind opens with. */
static int choose_type(struct profile_file *file, const struct options *options)
{
	const char *wanted = options_text(options, "type");
	int type = wanted ? kind_type_index(file->profile, wanted) : (int)file->type;

	if (type >= 0) {
		file->type = (size_t)type;
		return TOOL_OK;
	}
	tool_error("%s has no sample type \"%s\"", file->path, wanted);
	for (size_t i = 0; i < file->profile->type_count; i++)
		tool_error("there is Type=%s", file->profile->types[i].type);
	return TOOL_USAGE;
}

static int write_picture(const struct profile_file *file, const char *path, unsigned width_px)
{
	const struct profile_value_type *type = &file->profile->types[file->type];
	char *title = xasprintf("%s: %s", file->func, file->kind->name);
	struct flame_picture picture = {title, type->type, type->unit, width_px};
	struct flame *flame = flame_new();
	char *bytes = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&bytes, &size);
	int error;

	if (!stream)
		xalloc_failed();
	flame_add(flame, file->profile, file->type, FLAME_NEW);
	flame_sort(flame);
	flame_svg_write(stream, flame, &picture);
	if (fclose(stream) != 0)
		xalloc_failed();
	error = fmt_write_file(path, bytes, size);
	if (error)
		tool_error("%s: %s", path, strerror(-error));
	else
		printf("%s\n", path);
	free(bytes);
	free(title);
	flame_free(flame);
	return error ? TOOL_FAILED : TOOL_OK;
}

static int write_pictures(const struct profile_file *file, const struct options *options)
{
	char *stem = names_stem(file->func);
	char *path = xasprintf("%s/%s.%s.flame.svg", options_text(options, "out"), stem,
			       file->kind->name);
	uint64_t width_px = 0;
	int status;

	options_value(options, "width", &width_px);
	status = write_picture(file, path, (unsigned)width_px);
	free(path);
	free(stem);
	return status;
}

int cmd_svg(int argc, char **argv)
{
	struct options options;
	struct profile_file file;
	int status;

	if (!options_parse(&options, argc, argv, &status))
		return status;
	status = profile_file_open(&file, &options);
	if (status == TOOL_OK) {
		status = choose_type(&file, &options);
		if (status == TOOL_OK)
			status = write_pictures(&file, &options);
		profile_file_close(&file);
	}
	options_free(&options);
	return status;
}
