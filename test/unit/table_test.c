/* SPDX-License-Identifier: MIT */
/* links: internal/base/xalloc.c internal/base/utf8.c internal/tool/common/table.c */
/* Tables, to the letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "tool/common/table.h"

static void add(struct table *table, const char *name, const char *figure, const char *last)
{
	char **cells = table_add_row(table);

	cells[0] = xstrdup(name);
	cells[1] = figure != NULL ? xstrdup(figure) : NULL;
	cells[2] = last != NULL ? xstrdup(last) : NULL;
}

static char *printed(const struct table *table, void (*print)(FILE *, const struct table *))
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	print(stream, table);
	fclose(stream);
	return text;
}

static void test_table_columns_align(void **state)
{
	struct table table = {.columns = 3, .left = 1};
	char *text;

	(void)state;
	add(&table, "name", "old", "p");
	add(&table, "a", "1234", NULL);
	add(&table, "größer", "± 5", "0.5");
	text = printed(&table, table_print);
	assert_string_equal(text, "\nname     old    p\na       1234\ngrößer   ± 5  0.5\n");
	assert_true(table_has_cells(&table, 2));
	free(text);
	table_free(&table);
}

static void test_table_column_without_cells(void **state)
{
	struct table table = {.columns = 3, .left = 1};

	(void)state;
	add(&table, "name", "old", "p");
	add(&table, "a", "1", NULL);
	assert_false(table_has_cells(&table, 2));
	table_free(&table);
}

static void test_table_markdown_shows_markup_as_text(void **state)
{
	struct table table = {.columns = 2, .left = 1};
	char *text;

	(void)state;
	add(&table, "a|b", "1", NULL);
	add(&table, "<b>\n[x](y) @me", "-5%", NULL);
	add(&table, "test_a_b: _c_ a:b:", "0", NULL);
	text = printed(&table, table_print_markdown);
	assert_string_equal(text, "\n| a&#124;b | 1 |\n| --- | ---: |\n"
				  "| &#60;b&#62; &#91;x&#93;&#40;y&#41; &#64;me | -5% |\n"
				  "| test_a_b: &#95;c&#95; a&#58;b: | 0 |\n");
	free(text);
	table_free(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_columns_align),
		cmocka_unit_test(test_table_column_without_cells),
		cmocka_unit_test(test_table_markdown_shows_markup_as_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
