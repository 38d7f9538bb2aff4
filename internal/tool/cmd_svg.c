/* SPDX-License-Identifier: MIT */
/* pprofmk svg: pictures of a profile that need nothing else. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format/write_file.h"
#include "tool/flame_svg.h"
#include "tool/names.h"
#include "tool/options.h"
#include "tool/profile_file.h"
#include "tool/svg_graph.h"
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

/* A picture: 0 or -errno. */
typedef int (*draw_picture)(FILE *stream, const struct profile_file *file,
			    const struct svg_profile *picture);

static int draw_flame(FILE *stream, const struct profile_file *file,
		      const struct svg_profile *picture)
{
	struct flame *flame = flame_new();

	flame_add(flame, file->profile, file->type, FLAME_NEW);
	flame_sort(flame);
	flame_svg_write(stream, flame, picture);
	flame_free(flame);
	return 0;
}

static int draw_graph(FILE *stream, const struct profile_file *file,
		      const struct svg_profile *picture)
{
	struct graph *graph = graph_new(file->profile, file->type);
	int error = svg_graph_write(stream, graph, picture);

	graph_free(graph);
	return error;
}

static void say_error(const char *path, int error)
{
	if (error == -ENOPKG)
		tool_error("%s is not written: no graphviz (its `dot`) to lay it out", path);
	else
		tool_error("%s: %s", path, strerror(-error));
}

/* Draw into F.K.<name>.svg. 0, or -errno after saying why. */
static int write_picture(const struct profile_file *file, const struct options *options,
			 const char *name, draw_picture draw)
{
	const struct profile_value_type *type = &file->profile->types[file->type];
	char *stem = names_stem(file->func), *bytes = NULL;
	char *path = xasprintf("%s/%s.%s.%s.svg", options_text(options, "out"), stem,
			       file->kind->name, name);
	char *title = xasprintf("%s: %s", file->func, file->kind->name);
	struct svg_profile picture = {title, type->type, type->unit, 0};
	uint64_t width_px = 0;
	size_t size = 0;
	FILE *stream = open_memstream(&bytes, &size);
	int error;

	if (!stream)
		xalloc_failed();
	options_value(options, "width", &width_px);
	picture.width_px = (unsigned)width_px;
	error = draw(stream, file, &picture);
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

/* Without graphviz there is a flame graph at least. */
static int write_pictures(const struct profile_file *file, const struct options *options)
{
	int error = write_picture(file, options, "flame", draw_flame);

	if (!error)
		error = write_picture(file, options, "graph", draw_graph);
	return error && error != -ENOPKG ? TOOL_FAILED : TOOL_OK;
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
