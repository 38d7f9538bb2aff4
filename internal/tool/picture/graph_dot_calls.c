/* SPDX-License-Identifier: MIT */
#include "tool/picture/graph_dot_calls.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/sum.h"
#include "base/xalloc.h"

/* pprof's -nodecount, 1 / -nodefraction and 1 / -edgefraction. */
#define ROWS_MAX      80
#define SMALLEST_ROW  200
#define SMALLEST_EDGE 1000
#define NO_ROW	      UINT32_MAX

/* A graph being made. */
struct joining {
	struct graph *graph;
	struct set set;	  /* edges: places + 1 */
	uint32_t *row_of; /* [frame]: NO_ROW when it is not shown */
};

static int by_size(const void *left, const void *right)
{
	const struct top_row *a = left, *b = right;
	int64_t x = sum_saturating(sum_magnitude(a->flat), sum_magnitude(a->cum));
	int64_t y = sum_saturating(sum_magnitude(b->flat), sum_magnitude(b->cum));
	int order;

	if (x != y)
		return x > y ? -1 : 1;
	order = strcmp(a->name, b->name);
	return order ? order : strcmp(a->file, b->file);
}

static void choose_rows(struct graph *graph)
{
	struct top *top = graph->top;

	graph->rows = xcalloc(top->row_count, sizeof(*graph->rows));
	for (size_t i = 0; i < top->row_count; i++) {
		if (sum_magnitude(top->rows[i].cum) >= top->total / SMALLEST_ROW)
			graph->rows[graph->row_count++] = top->rows[i];
	}
	qsort(graph->rows, graph->row_count, sizeof(*graph->rows), by_size);
	if (graph->row_count > ROWS_MAX)
		graph->row_count = ROWS_MAX;
	graph->left_out = top->row_count - graph->row_count;
}

static bool same_edge(const void *things, uint32_t number, const void *wanted)
{
	const struct graph_edge *a = &((const struct graph *)things)->edges[number - 1];
	const struct graph_edge *b = wanted;

	return a->from == b->from && a->to == b->to;
}

/* The edge between two rows, added when it is new. */
static struct graph_edge *edge_of(struct joining *joining, uint32_t from, uint32_t to)
{
	struct graph *graph = joining->graph;
	struct graph_edge wanted = {.from = from, .to = to, .is_inlined = true};
	uint32_t number = set_find(&joining->set, hash_word(hash_word(HASH_START, from), to),
				   same_edge, graph, &wanted, (uint32_t)graph->edge_count + 1);

	if (number > graph->edge_count) {
		graph->edges = xgrow(graph->edges, graph->edge_count, &graph->edge_cap,
				     sizeof(*graph->edges));
		graph->edges[graph->edge_count++] = wanted;
	}
	return &graph->edges[number - 1];
}

/* From the root to the leaf, as far as the functions are shown. */
static void join_stack(struct joining *joining, const struct frames_stack *stack, size_t number,
		       int64_t value)
{
	uint32_t caller = NO_ROW;
	bool is_residual = false;

	for (size_t i = stack->len; i-- > 0;) {
		uint32_t row = joining->row_of[stack->calls[i].frame];

		if (row == NO_ROW) {
			is_residual = true;
			continue;
		}
		if (caller != NO_ROW && caller != row) {
			struct graph_edge *edge = edge_of(joining, caller, row);

			if (edge->counted != number)
				edge->value = sum_saturating(edge->value, value);
			edge->counted = number;
			edge->is_residual |= is_residual;
			edge->is_inlined &= stack->calls[i].is_inlined;
		}
		caller = row;
		is_residual = false;
	}
}

static void join(struct joining *joining, const struct profile *profile, size_t type)
{
	struct graph *graph = joining->graph;
	/* They are all there: the places are those of the rows. */
	struct frames_of of = frames_add(&graph->top->frames, profile);
	struct frames_stack stack = {0};

	joining->row_of = xmalloc(graph->top->frames.count * sizeof(*joining->row_of));
	memset(joining->row_of, 0xff, graph->top->frames.count * sizeof(*joining->row_of));
	for (size_t i = 0; i < graph->row_count; i++)
		joining->row_of[graph->rows[i].frame] = (uint32_t)i;
	for (size_t i = 0; i < profile->sample_count; i++) {
		frames_expand(&of, &profile->samples[i], &stack);
		join_stack(joining, &stack, i + 1, profile->samples[i].values[type]);
	}
	free(stack.calls);
	frames_of_free(&of);
	free(joining->row_of);
	set_free(&joining->set);
}

static int by_value(const void *left, const void *right)
{
	const struct graph_edge *a = left, *b = right;
	int64_t x = sum_magnitude(a->value), y = sum_magnitude(b->value);

	if (x != y)
		return x > y ? -1 : 1;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->to < b->to ? -1 : a->to > b->to;
}

/* Is there a way from one row to another that is not this edge? */
static bool has_other_way(const struct graph *graph, const struct graph_edge *but)
{
	bool reached[ROWS_MAX] = {false}, grows = true;

	reached[but->from] = true;
	while (grows && !reached[but->to]) {
		grows = false;
		for (size_t i = 0; i < graph->edge_count; i++) {
			const struct graph_edge *edge = &graph->edges[i];

			if (edge == but || !reached[edge->from] || reached[edge->to])
				continue;
			reached[edge->to] = grows = true;
		}
	}
	return reached[but->to];
}

static void drop_edge(struct graph *graph, size_t place)
{
	graph->edge_count--;
	memmove(&graph->edges[place], &graph->edges[place + 1],
		(graph->edge_count - place) * sizeof(*graph->edges));
}

static void choose_edges(struct graph *graph)
{
	if (graph->edge_count)
		qsort(graph->edges, graph->edge_count, sizeof(*graph->edges), by_value);
	while (graph->edge_count && sum_magnitude(graph->edges[graph->edge_count - 1].value) <
					    graph->top->total / SMALLEST_EDGE)
		graph->edge_count--;
	for (size_t i = graph->edge_count; i-- > 0;) {
		if (graph->edges[i].is_residual && has_other_way(graph, &graph->edges[i]))
			drop_edge(graph, i);
	}
}

struct graph *graph_new(const struct profile *profile, size_t type)
{
	struct graph *graph = xcalloc(1, sizeof(*graph));
	struct joining joining = {.graph = graph};

	graph->top = top_new(profile, type);
	choose_rows(graph);
	join(&joining, profile, type);
	choose_edges(graph);
	return graph;
}

void graph_free(struct graph *graph)
{
	if (!graph)
		return;
	top_free(graph->top);
	free(graph->rows);
	free(graph->edges);
	free(graph);
}
