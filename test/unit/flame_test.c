/* SPDX-License-Identifier: MIT */
/* links: internal/base/arena.c internal/base/set.c internal/base/utf8.c internal/base/xalloc.c
 * internal/format/gunzip.c internal/format/profile*.c internal/format/write_file.c internal/tool/profile/frames.c internal/tool/picture/flame.c
 * internal/tool/picture/svg_text.c */
/* The tree of merged stacks, what of it is chosen, and names as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "profile_example.h"
#include "profile_stacks.h"
#include "tool/picture/flame.h"
#include "tool/picture/svg_text.h"

static size_t one_byte(const struct frame *frame, void *with)
{
	(void)frame;
	(void)with;
	return 1;
}

/* The tree in its order, a word a node: "depth:name=value/self", then the base's value where there is one. */
static void check_tree(const struct flame *flame, bool shown_only, const char *expected)
{
	char text[1024] = "";
	uint32_t depth = 0;

	for (uint32_t i = 0; (i = flame_next(flame, i, shown_only, &depth));) {
		const struct flame_node *node = &flame->nodes[i];
		size_t len = strlen(text);

		len += (size_t)snprintf(
			text + len, sizeof(text) - len, "%s%u:%s%s=%d/%d", len ? " " : "", depth,
			flame->frames.frames[node->frame].name, node->is_inlined ? "(i)" : "",
			(int)node->value[FLAME_NEW], (int)node->self[FLAME_NEW]);
		if (node->value[FLAME_BASE])
			snprintf(text + len, sizeof(text) - len, ",%d",
				 (int)node->value[FLAME_BASE]);
	}
	assert_string_equal(text, expected);
}

static struct flame *flame_of(const struct profile *profile, size_t type)
{
	struct flame *flame = flame_new();

	flame_add(flame, profile, type, FLAME_NEW);
	flame_sort(flame);
	return flame;
}

static void test_flame_merges_stacks_from_the_root(void **state)
{
	struct profile *profile = stacks_profile();
	struct flame *flame;

	(void)state;
	stacks_add(profile, "bam", 10);
	stacks_add(profile, "am", 20);
	stacks_add(profile, "cm", 60);
	stacks_add(profile, "cz", 5);
	stacks_add(profile, "bm", 30);
	flame = flame_of(profile, 0);
	assert_int_equal(flame->nodes[0].value[FLAME_NEW], 125);
	/* Equal ones by name. */
	check_tree(flame, false,
		   "1:m=120/0 2:c=60/60 2:a=30/20 3:b=10/10 2:b=30/30 1:z=5/0 2:c=5/5");
	flame_free(flame);
	profile_free(profile);
}

static void test_flame_keeps_recursion(void **state)
{
	struct profile *profile = stacks_profile();
	struct flame *flame;

	(void)state;
	stacks_add(profile, "aaam", 1);
	stacks_add(profile, "aam", 2);
	flame = flame_of(profile, 0);
	check_tree(flame, false, "1:m=3/0 2:a=3/0 3:a=3/2 4:a=1/1");
	flame_free(flame);
	profile_free(profile);
}

static void test_flame_shows_inlined_calls(void **state)
{
	struct profile *profile = example_profile();
	struct flame *flame = flame_of(profile, 0);

	(void)state;
	check_tree(flame, false, "1:main=4/1 2:leaf=3/0 3:helper(i)=3/3");
	flame_free(flame);
	profile_free(profile);
}

static void test_flame_takes_magnitudes(void **state)
{
	struct profile *profile = stacks_profile();
	struct flame *flame;

	(void)state;
	stacks_add(profile, "a", -3);
	stacks_add(profile, "b", INT64_MIN);
	stacks_add(profile, "c", 0);
	flame = flame_of(profile, 0);
	assert_int_equal(flame->nodes[0].value[FLAME_NEW], INT64_MAX);
	assert_int_equal(flame->count, 3);
	assert_int_equal(flame->nodes[1].value[FLAME_NEW], 3);
	flame_free(flame);
	profile_free(profile);
}

static void test_flame_lays_two_profiles_over_each_other(void **state)
{
	struct profile *now = stacks_profile(), *base = stacks_profile();
	struct flame *flame = flame_new();

	(void)state;
	stacks_add(now, "bm", 4);
	stacks_add(now, "am", 1);
	stacks_add(base, "gm", 2);
	stacks_add(base, "bm", 1);
	flame_add(flame, now, 0, FLAME_NEW);
	flame_add(flame, base, 0, FLAME_BASE);
	flame_sort(flame);
	check_tree(flame, false, "1:m=5/0,3 2:b=4/4,1 2:a=1/1 2:g=0/0,2");
	flame_free(flame);
	profile_free(now);
	profile_free(base);
}

static void test_flame_chooses_the_largest_that_fit(void **state)
{
	struct profile *profile = stacks_profile();
	struct flame_choice choice;
	struct flame *flame;

	(void)state;
	stacks_add(profile, "dcm", 40);
	stacks_add(profile, "am", 30);
	stacks_add(profile, "bm", 20);
	stacks_add(profile, "eb", 10);
	flame = flame_of(profile, 0);
	choice = flame_choose(flame, 4, one_byte, NULL);
	check_tree(flame, true, "1:m=90/0 2:c=40/0 3:d=40/40 2:a=30/30");
	assert_int_equal(choice.shown, 4);
	assert_int_equal(choice.hidden, 3);
	assert_int_equal(choice.hidden_value, 30);
	assert_int_equal(choice.depth, 3);
	flame_free(flame);
	profile_free(profile);
}

static void test_flame_leaves_out_what_nobody_sees(void **state)
{
	struct profile *profile = stacks_profile();
	struct flame_choice choice;
	struct flame *flame;

	(void)state;
	stacks_add(profile, "am", 29996);
	stacks_add(profile, "bm", 3);
	stacks_add(profile, "cm", 1);
	flame = flame_of(profile, 0);
	choice = flame_choose(flame, SIZE_MAX, one_byte, NULL);
	check_tree(flame, true, "1:m=30000/0 2:a=29996/29996 2:b=3/3");
	assert_int_equal(choice.hidden_value, 1);
	flame_free(flame);
	profile_free(profile);
}

static void test_flame_of_nothing_is_empty(void **state)
{
	struct profile *profile = stacks_profile();
	struct flame *flame = flame_of(profile, 0);
	struct flame_choice choice = flame_choose(flame, SIZE_MAX, one_byte, NULL);

	(void)state;
	assert_int_equal(choice.shown, 0);
	assert_int_equal(choice.depth, 0);
	flame_free(flame);
	profile_free(profile);
}

static void test_flame_is_as_deep_as_the_file_says(void **state)
{
	enum { DEPTH = 200000 };
	struct profile *profile = stacks_profile();
	uint64_t *locations = calloc(DEPTH, sizeof(*locations));
	struct profile_sample sample = {
		.location_count = DEPTH, .locations = locations, .values = {1}};
	struct flame *flame;

	(void)state;
	stacks_add(profile, "a", 1);
	for (size_t i = 0; i < DEPTH; i++)
		locations[i] = 1;
	profile_add_sample(profile, &sample);
	flame = flame_of(profile, 0);
	assert_int_equal(flame_choose(flame, SIZE_MAX, one_byte, NULL).depth, DEPTH);
	flame_free(flame);
	profile_free(profile);
	free(locations);
}

static void check_text(const char *text, size_t columns, const char *expected)
{
	char out[256] = "";
	FILE *stream = fmemopen(out, sizeof(out), "w");

	svg_text(stream, text, columns);
	fclose(stream);
	assert_string_equal(out, expected);
}

static void test_flame_names_become_text(void **state)
{
	(void)state;
	check_text("a<b>&\"'", 10, "a&lt;b&gt;&amp;&quot;'");
	check_text("</title><script>]]>", 40, "&lt;/title&gt;&lt;script&gt;]]&gt;");
	check_text("a\x01\n\t\x7f\xc2\x85z", 10,
		   "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz");
	check_text("\xff\xc3(", 10, "\xef\xbf\xbd\xef\xbf\xbd(");
	/* U+FFFF is no character of XML; U+202E turns what follows around. */
	check_text("\xef\xbf\xbf\xe2\x80\xae", 10, "\xef\xbf\xbd\xef\xbf\xbd");
	check_text("gr\xc3\xbc\xc3\x9f", 10, "gr\xc3\xbc\xc3\x9f");
}

static void test_flame_names_are_cut_to_columns(void **state)
{
	(void)state;
	check_text("abcdef", 6, "abcdef");
	check_text("abcdef", 5, "abcd\xe2\x80\xa6");
	check_text("abcdef", 1, "");
	check_text("abcdef", 0, "");
	check_text("<<<<<<", 3, "&lt;&lt;\xe2\x80\xa6");
	/* Two columns each. */
	check_text("\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2", 6,
		   "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2");
	check_text("\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2", 5,
		   "\xe6\xbc\xa2\xe5\xad\x97\xe2\x80\xa6");
	check_text("\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2", 4, "\xe6\xbc\xa2\xe2\x80\xa6");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flame_merges_stacks_from_the_root),
		cmocka_unit_test(test_flame_keeps_recursion),
		cmocka_unit_test(test_flame_shows_inlined_calls),
		cmocka_unit_test(test_flame_takes_magnitudes),
		cmocka_unit_test(test_flame_lays_two_profiles_over_each_other),
		cmocka_unit_test(test_flame_chooses_the_largest_that_fit),
		cmocka_unit_test(test_flame_leaves_out_what_nobody_sees),
		cmocka_unit_test(test_flame_of_nothing_is_empty),
		cmocka_unit_test(test_flame_is_as_deep_as_the_file_says),
		cmocka_unit_test(test_flame_names_become_text),
		cmocka_unit_test(test_flame_names_are_cut_to_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
