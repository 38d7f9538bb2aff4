/* SPDX-License-Identifier: MIT */
/* pprofmk svg: pictures of a profile that need nothing else. */
#include <errno.h>
#include <stddef.h>

#include "tool/asked/profile_file.h"
#include "tool/cmd/cmd.h"
#include "tool/picture/svg_draw.h"
#include "tool/picture/svg_file.h"
#include "tool/tool.h"

static int draw_flame(FILE *stream, const struct profile_file *file,
		      const struct svg_profile *picture, void *with)
{
	(void)with;
	return svg_draw_flame(stream, file->profile, file->type, picture);
}

static int draw_graph(FILE *stream, const struct profile_file *file,
		      const struct svg_profile *picture, void *with)
{
	(void)with;
	return svg_draw_graph(stream, file->profile, file->type, picture);
}

/* Without graphviz there is a flame graph at least. */
static int write_pictures(struct profile_file *file, const struct options *options)
{
	int status = profile_file_choose_type(file, options), error;

	if (status != TOOL_OK)
		return status;
	error = svg_file_write(file, options, "flame", draw_flame, NULL);
	if (!error)
		error = svg_file_write(file, options, "graph", draw_graph, NULL);
	return error && error != -ENOPKG ? TOOL_FAILED : TOOL_OK;
}

int cmd_svg(const struct options *options)
{
	return profile_file_show(options, write_pictures);
}
