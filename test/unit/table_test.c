/* SPDX-License-Identifier: MIT */
/* links: internal/base/xalloc.c internal/base/utf8.c internal/tool/common/table.c */
/* Tables, to the letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

static struct table with_text_below(void)
{
	struct table table = {.columns = 3, .left = 1, .below = 4};

	add(&table, "name", "old", "where");
	add(&table, "a", "1", "one < another < the last");
	add(&table, "b", "1234", NULL);
	return table;
}

static void test_table_text_below_widens_nothing(void **state)
{
	struct table table = with_text_below();
	char *text = printed(&table, table_print);

	(void)state;
	assert_string_equal(
		text,
		"\nname   old\na        1\n      where  one < another < the last\nb     1234\n");
	free(text);
	text = printed(&table, table_print_markdown);
	assert_string_equal(text,
			    "\n| name | old | where |\n| --- | ---: | ---: |\n"
			    "| a | 1 | one &#60; another &#60; the last |\n| b | 1234 |  |\n");
	free(text);
	table_free(&table);
}

/* A terminal of our own, so many columns wide. */
static void test_table_text_below_fits_the_terminal(void **state)
{
	struct winsize size = {.ws_row = 24, .ws_col = 26};
	struct table table = with_text_below();
	char text[200] = "";
	int terminal = posix_openpt(O_RDWR | O_NOCTTY), own;
	FILE *stream;
	size_t len = 0;

	(void)state;
	if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) {
		print_message("no terminal of our own can be had here\n");
		skip();
	}
	own = open(ptsname(terminal), O_RDWR | O_NOCTTY);
	assert_true(own >= 0);
	assert_int_equal(ioctl(own, TIOCSWINSZ, &size), 0);
	stream = fdopen(own, "w");
	assert_non_null(stream);
	table_print(stream, &table);
	fflush(stream);
	/* It hands out a line at a time. */
	for (ssize_t got = 1; got > 0 && strstr(text, "1234\r\n") == NULL; len += (size_t)got)
		got = read(terminal, text + len, sizeof text - 1 - len);
	assert_string_equal(text, "\r\nname   old\r\na        1\r\n      where  one < another\r\n"
				  "             < the last\r\nb     1234\r\n");
	fclose(stream);
	close(terminal);
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
		cmocka_unit_test(test_table_text_below_widens_nothing),
		cmocka_unit_test(test_table_text_below_fits_the_terminal),
		cmocka_unit_test(test_table_column_without_cells),
		cmocka_unit_test(test_table_markdown_shows_markup_as_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
