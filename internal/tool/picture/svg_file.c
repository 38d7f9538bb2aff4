/* SPDX-License-Identifier: MIT */
#include "tool/picture/svg_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format/write_file.h"
#include "tool/common/names.h"
#include "tool/tool.h"

static void say_error(const char *path, int error)
{
	if (error == -ENOPKG)
		tool_error("%s is not written: no graphviz (its `dot`) to lay it out", path);
	else
		tool_error("%s: %s", path, strerror(-error));
}

int svg_file_write(const struct profile_file *file, const struct options *options, const char *name,
		   svg_file_draw draw, void *with)
{
	const struct profile_value_type *type = &file->profile->types[file->type];
	char *stem = names_stem(file->func), *bytes = NULL;
	char *path = xasprintf("%s/%s.%s.%s.svg", options_text(options, "out"), stem,
			       file->kind->name, name);
	char *title = xasprintf("%s: %s", file->func, file->kind->name);
	struct svg_profile picture = {.title = title, .type = type->type, .unit = type->unit};
	uint64_t width_px = 0;
	size_t size = 0;
	FILE *stream = open_memstream(&bytes, &size);
	int error;

	if (!stream)
		xalloc_failed();
	options_value(options, "width", &width_px);
	picture.width_px = (unsigned)width_px;
	error = draw(stream, file, &picture, with);
	if (fclose(stream) != 0)
		xalloc_failed();
	error = error ? error : fmt_write_file(path, bytes, size);
	if (error)
		say_error(path, error);
	else
		printf("%s\n", path);
	free(bytes);
	free(title);
	free(path);
	free(stem);
	return error;
}
