/* SPDX-License-Identifier: MIT */
/* links: internal/base/arena.c internal/base/set.c internal/base/utf8.c internal/base/xalloc.c
 * internal/format/gunzip.c internal/format/profile*.c internal/format/write_file.c internal/tool/profile/frames.c internal/tool/profile/top.c internal/tool/common/human.c
 * internal/tool/picture/graph_dot_calls.c internal/tool/picture/graph_dot.c internal/tool/picture/svg_text.c */
/* Which calls a graph shows, and how graphviz is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "profile_example.h"
#include "profile_stacks.h"
#include "tool/picture/graph_dot.h"

/* Edges, a word each: "from>to=value", "~" when functions are left out, "i" when inlined. */
static void check_edges(const struct graph *graph, const char *expected)
{
	char text[1024] = "";

	for (size_t i = 0; i < graph->edge_count; i++) {
		const struct graph_edge *edge = &graph->edges[i];
		size_t len = strlen(text);

		snprintf(text + len, sizeof(text) - len, "%s%s>%s=%d%s%s", len ? " " : "",
			 graph->rows[edge->from].name, graph->rows[edge->to].name, (int)edge->value,
			 edge->is_residual ? "~" : "", edge->is_inlined ? "i" : "");
	}
	assert_string_equal(text, expected);
}

static void test_graph_counts_a_call_once_a_sample(void **state)
{
	struct profile *profile = stacks_profile();
	struct graph *graph;

	(void)state;
	stacks_add(profile, "babam", 5);
	stacks_add(profile, "aam", 3);
	graph = graph_new(profile, 0);
	check_edges(graph, "m>a=8 a>b=5 b>a=5");
	graph_free(graph);
	profile_free(profile);
}

static void test_graph_knows_inlined_calls(void **state)
{
	struct profile *profile = example_profile();
	struct graph *graph = graph_new(profile, 0);

	(void)state;
	check_edges(graph, "main>leaf=3 leaf>helper=3i");
	graph_free(graph);
	profile_free(profile);
}

static void test_graph_leaves_out_the_small(void **state)
{
	struct profile *profile = stacks_profile();
	struct graph *graph;

	(void)state;
	stacks_add(profile, "am", 9960);
	/* s has 40 of 10,000, less than 0.5 %; what it calls has more from elsewhere. */
	stacks_add(profile, "csz", 40);
	stacks_add(profile, "cm", 100);
	stacks_add(profile, "z", 100);
	graph = graph_new(profile, 0);
	assert_int_equal(graph->row_count, 4);
	assert_int_equal(graph->left_out, 1);
	check_edges(graph, "m>a=9960 m>c=100 z>c=40~");
	graph_free(graph);
	profile_free(profile);
}

static void test_graph_needs_no_residual_edge_beside_another_way(void **state)
{
	struct profile *profile = stacks_profile();
	struct graph *graph;

	(void)state;
	stacks_add(profile, "bam", 9000);
	stacks_add(profile, "bsm", 30);
	graph = graph_new(profile, 0);
	check_edges(graph, "m>a=9000 a>b=9000");
	graph_free(graph);
	profile_free(profile);
}

static void test_graph_tells_graphviz(void **state)
{
	struct profile *profile = stacks_profile();
	struct graph *graph;
	char *text = NULL;
	size_t size;
	FILE *stream;

	(void)state;
	stacks_add(profile, "\"m", 75);
	stacks_add(profile, "\\m", 20);
	stacks_add(profile, "&m", 5);
	graph = graph_new(profile, 0);
	stream = open_memstream(&text, &size);
	graph_dot_write(stream, graph, "count");
	fclose(stream);
	assert_non_null(strstr(text, "label=\"\\\"\\nx.c\\n75 (75.00%)\""));
	assert_non_null(strstr(text, "label=\"\\\\\\nx.c\\n20 (20.00%)\""));
	assert_non_null(strstr(text, "label=\"&amp;\\nx.c\\n5 (5.00%)\""));
	assert_non_null(strstr(text, "label=\"m\\nx.c\\n0 of 100 (100.00%)\""));
	assert_non_null(strstr(text, "class=\"heat5\" fontsize=24"));
	/* 8 + 16 * sqrt(20 / 75), rounded up. */
	assert_non_null(strstr(text, "class=\"heat3\" fontsize=17"));
	free(text);
	graph_free(graph);
	profile_free(profile);
}

static void test_graph_of_nothing_is_empty(void **state)
{
	struct profile *profile = stacks_profile();
	struct graph *graph = graph_new(profile, 0);

	(void)state;
	assert_int_equal(graph->row_count, 0);
	assert_int_equal(graph->edge_count, 0);
	graph_free(graph);
	profile_free(profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_graph_counts_a_call_once_a_sample),
		cmocka_unit_test(test_graph_knows_inlined_calls),
		cmocka_unit_test(test_graph_leaves_out_the_small),
		cmocka_unit_test(test_graph_needs_no_residual_edge_beside_another_way),
		cmocka_unit_test(test_graph_tells_graphviz),
		cmocka_unit_test(test_graph_of_nothing_is_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
