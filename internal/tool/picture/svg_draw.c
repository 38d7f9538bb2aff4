/* SPDX-License-Identifier: MIT */
#include "tool/picture/svg_draw.h"

#include "tool/picture/flame_svg.h"
#include "tool/picture/svg_graph.h"

int svg_draw_flame(FILE *stream, const struct profile *profile, size_t type,
		   const struct svg_profile *picture)
{
	struct flame *flame = flame_new();

	flame_add(flame, profile, type, FLAME_NEW);
	flame_sort(flame);
	flame_svg_write(stream, flame, picture, NULL);
	flame_free(flame);
	return 0;
}

int svg_draw_graph(FILE *stream, const struct profile *profile, size_t type,
		   const struct svg_profile *picture)
{
	struct graph *graph = graph_new(profile, type);
	int error = svg_graph_write(stream, graph, picture);

	graph_free(graph);
	return error;
}
