/* SPDX-License-Identifier: MIT */
#include "tool/common/table.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/utf8.h"
#include "base/xalloc.h"

/* Of lines below a row. */
#define BELOW_INDENT 6

/* Columns that a text takes in a terminal up to `end`, wide characters aside. */
static size_t width_to(const char *text, const char *end)
{
	size_t width = 0;

	for (size_t len; text < end; text += len, width++) {
		len = utf8_length(text);
		len = len > 0 ? len : 1;
	}
	return width;
}

static size_t width_of(const char *text)
{
	return width_to(text, text + strlen(text));
}

static bool is_left(const struct table *table, size_t column)
{
	return (table->left >> column & 1) != 0;
}

static bool is_below(const struct table *table, size_t column)
{
	return (table->below >> column & 1) != 0;
}

char **table_add_row(struct table *table)
{
	table->rows = xgrow(table->rows, table->len, &table->cap, sizeof *table->rows);
	memset(table->rows[table->len], 0, sizeof *table->rows);
	return table->rows[table->len++];
}

void table_add_titles(struct table *table, const char *const *titles)
{
	char **cells = table_add_row(table);

	for (size_t i = 0; titles[i] != NULL; i++)
		cells[i] = xstrdup(titles[i]);
}

bool table_has_cells(const struct table *table, size_t column)
{
	for (size_t row = 1; row < table->len; row++)
		if (table->rows[row][column] != NULL)
			return true;
	return false;
}

static void print_padding(FILE *stream, size_t width)
{
	for (; width > 0; width--)
		putc(' ', stream);
}

static void print_row(FILE *stream, const struct table *table, char *const *cells,
		      const size_t *widths)
{
	size_t pending = 0;

	for (size_t i = 0; i < table->columns; i++) {
		const char *cell = cells[i] != NULL ? cells[i] : "";
		size_t padding = widths[i] - width_of(cell);

		if (is_below(table, i))
			continue;
		pending += i > 0 && widths[i] > 0 ? 2 : 0;
		pending += !is_left(table, i) ? padding : 0;
		if (*cell != '\0') {
			print_padding(stream, pending);
			fputs(cell, stream);
			pending = 0;
		}
		pending += is_left(table, i) ? padding : 0;
	}
	putc('\n', stream);
}

/* Columns of the terminal that the stream is, 0 where it is none. */
static size_t terminal_width(FILE *stream)
{
	struct winsize size;

	return ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* Words of a text from column `indent` on, broken before column `most`, 0: not at all. A word that is longer is left to the
 * terminal. */
static void print_folded(FILE *stream, const char *text, size_t indent, size_t most)
{
	size_t at = indent;

	for (bool is_first = true; *text != '\0'; is_first = false) {
		size_t len = strcspn(text, " ");
		size_t width = width_to(text, text + len);

		if (!is_first && most != 0 && at + 1 + width > most) {
			putc('\n', stream);
			print_padding(stream, indent);
			at = indent;
		} else if (!is_first) {
			putc(' ', stream);
			at++;
		}
		fwrite(text, 1, len, stream);
		at += width;
		text += len + (text[len] == ' ');
	}
	putc('\n', stream);
}

static void print_below(FILE *stream, const struct table *table, char *const *cells, size_t most)
{
	size_t title_width = 0;

	for (size_t i = 0; i < table->columns; i++)
		if (is_below(table, i) && width_of(table->rows[0][i]) > title_width)
			title_width = width_of(table->rows[0][i]);
	for (size_t i = 0; i < table->columns; i++) {
		const char *title = table->rows[0][i];

		if (!is_below(table, i) || cells[i] == NULL || *cells[i] == '\0')
			continue;
		print_padding(stream, BELOW_INDENT);
		fputs(title, stream);
		print_padding(stream, title_width - width_of(title) + 2);
		print_folded(stream, cells[i], BELOW_INDENT + title_width + 2, most);
	}
}

void table_print(FILE *stream, const struct table *table)
{
	size_t widths[TABLE_COLUMNS_MAX] = {0};
	size_t most = terminal_width(stream);

	for (size_t row = 0; row < table->len; row++) {
		for (size_t i = 0; i < table->columns; i++) {
			const char *cell = table->rows[row][i];
			size_t width = cell != NULL ? width_of(cell) : 0;

			widths[i] = width > widths[i] ? width : widths[i];
		}
	}
	putc('\n', stream);
	for (size_t row = 0; row < table->len; row++) {
		print_row(stream, table, table->rows[row], widths);
		if (row > 0 && table->below != 0)
			print_below(stream, table, table->rows[row], most);
	}
}

/* Is a character, between those beside it, markup? A _ within a word and a : behind one are not, and are frequent. */
static bool is_markup(char before, char c, char after)
{
	if (c == '_')
		return !isalnum((unsigned char)before) || !isalnum((unsigned char)after);
	if (c == ':')
		return after != ' ' && after != '\0';
	return strchr("\\`*{}[]<>()#+!|&~@$", c) != NULL;
}

void table_put_markdown(FILE *stream, const char *text)
{
	for (char before = '\0'; *text != '\0'; before = *text++) {
		/* A character reference is neither markup nor the end of a cell, inside a line of code or out of it. */
		if (is_markup(before, *text, text[1]))
			fprintf(stream, "&#%d;", (unsigned char)*text);
		else
			putc(*text == '\n' || *text == '\r' ? ' ' : *text, stream);
	}
}

static void print_markdown_row(FILE *stream, const struct table *table, char *const *cells)
{
	putc('|', stream);
	for (size_t i = 0; i < table->columns; i++) {
		putc(' ', stream);
		table_put_markdown(stream, cells[i] != NULL ? cells[i] : "");
		fputs(" |", stream);
	}
	putc('\n', stream);
}

void table_print_markdown(FILE *stream, const struct table *table)
{
	putc('\n', stream);
	for (size_t row = 0; row < table->len; row++) {
		print_markdown_row(stream, table, table->rows[row]);
		if (row > 0)
			continue;
		putc('|', stream);
		for (size_t i = 0; i < table->columns; i++)
			fputs(is_left(table, i) ? " --- |" : " ---: |", stream);
		putc('\n', stream);
	}
}

void table_free(struct table *table)
{
	for (size_t row = 0; row < table->len; row++)
		for (size_t i = 0; i < table->columns; i++)
			free(table->rows[row][i]);
	free(table->rows);
}
