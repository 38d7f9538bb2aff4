/* SPDX-License-Identifier: MIT */
/* A page has for each profile of its `list`:
 *
 *     {"test": place of the test, "kind": "mem", "types": [["alloc_objects", "count"], ...], "shown": "alloc_space",
 *      "trees": number of the blob with its trees, "graph": number of the blob with its call graph, or null}
 *
 * A call graph is an SVG. Trees are an array of
 *
 *     {"types": {"alloc_space": 0, "alloc_objects": 1}, "hidden": [calls, value], "d": [...], "f": [...], "v": [[...], [...]],
 *      "s": [[...], [...]]}
 *
 * of nodes in the order of flame_next(): depth, twice the place of the function in `names` and 1 where it is inlined, values with
 * what is below, values without it. Two sample types that go together share a tree, as its two sides. */
#include "tool/report/report_profiles.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/picture/flame.h"
#include "tool/picture/svg_graph.h"
#include "tool/profile/kinds.h"
#include "tool/report/report_pack.h"

/* Of a page of 10 MB: what all trees may take, and all call graphs. */
#define TREES_BYTES  5000000
#define GRAPHS_BYTES 3500000
/* What a node takes when it is packed, measured: 6 to 9 bytes. */
#define NODE_BYTES 9
/* Laid out by one process: starting dot takes twice what a graph does. */
#define GRAPHS_AT_ONCE 32
/* The page scales it. */
#define GRAPH_WIDTH_PX 1200

/* Sample types that share a tree: the second is a number of what the first is an amount of. */
static const struct pair {
	const char *kind, *amount, *number;
} pairs[] = {
	{"cpu", "cpu", "samples"},
	{"mem", "alloc_space", "alloc_objects"},
	{"mem", "inuse_space", "inuse_objects"},
	{"mem", "peak_space", "peak_objects"},
	{"block", "delay", "contentions"},
	{"mutex", "delay", "contentions"},
	{"net", "delay", "contentions"},
	{"sync", "delay", "contentions"},
	{"syscall", "delay", "contentions"},
	{"sched", "delay", "contentions"},
	{"running", "running", "stretches"},
};

enum { PAIRS = sizeof(pairs) / sizeof(*pairs) };

static size_t add_blob(struct report_profiles *profiles, const char *bytes, size_t size)
{
	char *packed = report_pack(bytes, size);

	profiles->blobs = xgrow(profiles->blobs, profiles->blob_count, &profiles->blob_cap,
				sizeof(*profiles->blobs));
	profiles->blobs[profiles->blob_count] = packed;
	profiles->bytes += strlen(packed);
	return profiles->blob_count++;
}

static size_t node_cost(const struct frame *frame, void *names)
{
	return NODE_BYTES + report_names_cost(names, frame);
}

/* One figure of each node that is shown. */
static void put_column(FILE *stream, const struct flame *flame, const char *before,
		       int64_t (*figure)(const struct flame_node *node))
{
	uint32_t place = 0, depth = 0;

	fputs(before, stream);
	do
		fprintf(stream, place ? ",%" PRId64 : "%" PRId64, figure(&flame->nodes[place]));
	while ((place = flame_next(flame, place, true, &depth)));
	putc(']', stream);
}

static int64_t amount(const struct flame_node *node)
{
	return node->value[FLAME_NEW];
}

static int64_t amount_itself(const struct flame_node *node)
{
	return node->self[FLAME_NEW];
}

static int64_t count(const struct flame_node *node)
{
	return node->value[FLAME_BASE];
}

static int64_t count_itself(const struct flame_node *node)
{
	return node->self[FLAME_BASE];
}

static void put_depths(FILE *stream, const struct flame *flame)
{
	uint32_t place = 0, depth = 0;

	fputs("\"d\":[", stream);
	do
		fprintf(stream, place ? ",%" PRIu32 : "%" PRIu32, depth);
	while ((place = flame_next(flame, place, true, &depth)));
	fputs("],", stream);
}

static void put_functions(FILE *stream, const struct flame *flame, struct report_names *names)
{
	uint32_t place = 0, depth = 0;

	fputs("\"f\":[-1", stream);
	while ((place = flame_next(flame, place, true, &depth))) {
		const struct flame_node *node = &flame->nodes[place];

		fprintf(stream, ",%zu",
			2 * report_names_add(names, &flame->frames.frames[node->frame]) +
				node->is_inlined);
	}
	fputs("],", stream);
}

static void put_tree(FILE *stream, struct report_profiles *profiles, const struct pair *pair,
		     const struct profile *profile, size_t bytes)
{
	struct flame *flame = flame_new();
	struct flame_choice choice;

	flame_add(flame, profile, (size_t)kind_type_index(profile, pair->amount), FLAME_NEW);
	flame_add(flame, profile, (size_t)kind_type_index(profile, pair->number), FLAME_BASE);
	flame_sort(flame);
	choice = flame_choose(flame, bytes, node_cost, &profiles->names);
	fprintf(stream, "{\"types\":{\"%s\":0,\"%s\":1},\"hidden\":[%zu,%" PRId64 "],",
		pair->amount, pair->number, choice.hidden, choice.hidden_value);
	put_depths(stream, flame);
	put_functions(stream, flame, &profiles->names);
	put_column(stream, flame, "\"v\":[[", amount);
	put_column(stream, flame, ",[", count);
	put_column(stream, flame, "],\"s\":[[", amount_itself);
	put_column(stream, flame, ",[", count_itself);
	fputs("]}", stream);
	flame_free(flame);
}

static size_t add_trees(struct report_profiles *profiles, const struct kind *kind,
			const struct profile *profile, size_t bytes)
{
	char *text = NULL;
	size_t size, blob;
	FILE *stream = open_memstream(&text, &size);
	const char *before = "[";

	if (!stream)
		xalloc_failed();
	for (size_t i = 0; i < PAIRS; i++) {
		if (strcmp(pairs[i].kind, kind->name) != 0)
			continue;
		fputs(before, stream);
		put_tree(stream, profiles, &pairs[i], profile, bytes);
		before = ",";
	}
	putc(']', stream);
	if (fclose(stream) != 0)
		xalloc_failed();
	blob = add_blob(profiles, text, size);
	free(text);
	return blob;
}

/* Call graphs on their way: those of several profiles are laid out together. */
struct waiting {
	struct report_profiles *profiles;
	size_t left; /* bytes that graphs may still take */
	size_t count;
	struct svg_graph *graphs[GRAPHS_AT_ONCE];
	json_t *profile[GRAPHS_AT_ONCE]; /* borrowed: the profile's in the list */
};

static void add_picture(struct waiting *waiting, json_t *profile, const char *picture)
{
	struct report_profiles *profiles = waiting->profiles;
	size_t before = profiles->bytes, taken, blob;

	if (!waiting->left) {
		profiles->graphs_left_out++;
		return;
	}
	blob = add_blob(profiles, picture, strlen(picture));
	taken = profiles->bytes - before;
	waiting->left -= taken < waiting->left ? taken : waiting->left;
	json_object_set_new(profile, "graph", json_integer((json_int_t)blob));
}

static void draw_graphs(struct waiting *waiting)
{
	char *pictures[GRAPHS_AT_ONCE];
	int error = svg_graph_draw(waiting->graphs, waiting->count, pictures);

	waiting->profiles->has_no_dot |= error == -ENOPKG;
	for (size_t i = 0; i < waiting->count; i++) {
		if (pictures[i])
			add_picture(waiting, waiting->profile[i], pictures[i]);
		else
			waiting->profiles->graphs_failed += error != -ENOPKG;
		free(pictures[i]);
		svg_graph_free(waiting->graphs[i]);
	}
	waiting->count = 0;
}

/* A graph of the sample type that the kind shows first. None of an empty profile. */
static void add_graph(struct waiting *waiting, json_t *item, const struct kind *kind,
		      const struct profile *profile, const char *title)
{
	int type = kind_type_index(profile, kind->shown);
	struct svg_profile picture = {.title = title,
				      .type = kind->shown,
				      .unit = profile->types[type].unit,
				      .width_px = GRAPH_WIDTH_PX,
				      .is_bare = true};
	struct graph *graph = graph_new(profile, (size_t)type);

	if (graph->row_count && waiting->left && !waiting->profiles->has_no_dot) {
		waiting->graphs[waiting->count] = svg_graph_new(graph, &picture);
		waiting->profile[waiting->count++] = item;
	} else {
		waiting->profiles->graphs_left_out += graph->row_count && !waiting->left;
	}
	graph_free(graph);
	if (waiting->count == GRAPHS_AT_ONCE)
		draw_graphs(waiting);
}

static json_t *types_json(const struct kind *kind)
{
	json_t *types = json_array();

	for (size_t i = 0; i < kind->type_count; i++)
		json_array_append_new(
			types, json_pack("[s, s]", kind->types[i].type, kind->types[i].unit));
	return types;
}

/* Trees of all profiles: a share of the room for each. */
static size_t count_trees(const struct artifact *artifact)
{
	size_t trees = 1;

	for (size_t i = 0; i < artifact->count; i++)
		for (size_t j = 0; j < PAIRS; j++)
			for (unsigned file = 0; file < ARTIFACT_FILE_BENCH; file++)
				trees += artifact->tests[i].files >> file & 1 &&
					 strcmp(pairs[j].kind, artifact_files[file].kind) == 0;
	return trees;
}

static void add_profile(struct waiting *waiting, struct artifact *artifact, size_t place,
			enum artifact_file file, size_t bytes)
{
	const struct artifact_test *test = &artifact->tests[place];
	const struct kind *kind = kind_find(artifact_files[file].kind);
	struct profile *profile = artifact_profile(artifact, test, file);
	json_t *item;
	size_t trees;

	if (!profile)
		return;
	trees = add_trees(waiting->profiles, kind, profile, bytes);
	item = json_pack("{s:I, s:s, s:o, s:s, s:I, s:n}", "test", (json_int_t)place, "kind",
			 kind->name, "types", types_json(kind), "shown", kind->shown, "trees",
			 (json_int_t)trees, "graph");
	json_array_append_new(waiting->profiles->list, item);
	add_graph(waiting, item, kind, profile, test->title);
	profile_free(profile);
}

void report_profiles_make(struct report_profiles *profiles, struct artifact *artifact)
{
	size_t bytes = TREES_BYTES / count_trees(artifact);
	struct waiting waiting = {.profiles = profiles, .left = GRAPHS_BYTES};

	*profiles = (struct report_profiles){.list = json_array()};
	for (size_t i = 0; i < artifact->count; i++)
		for (unsigned file = 0; file < ARTIFACT_FILE_BENCH; file++)
			add_profile(&waiting, artifact, i, file, bytes);
	draw_graphs(&waiting);
}

void report_profiles_free(struct report_profiles *profiles)
{
	for (size_t i = 0; i < profiles->blob_count; i++)
		free(profiles->blobs[i]);
	free(profiles->blobs);
	json_decref(profiles->list);
	json_decref(report_names_end(&profiles->names));
}
