/* SPDX-License-Identifier: MIT */
/* A table before its columns' widths are known, printed as text or as Markdown. */
#ifndef PPROFMK_TOOL_TABLE_H
#define PPROFMK_TOOL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define TABLE_COLUMNS_MAX 20

/* Set `columns`, at most TABLE_COLUMNS_MAX; all else zero: an empty one. The first row is the head. */
struct table {
	size_t columns;
	/* Which columns are set to the left, as names are; the others hold figures. Bit N: column N. */
	unsigned left;
	/* Which columns stand in lines of their own below the row, each behind its title: text that would make the others' columns
	 * as wide as itself. Markdown has them beside the others. */
	unsigned below;
	char *(*rows)[TABLE_COLUMNS_MAX]; /* owned; NULL: nothing in that cell */
	size_t len, cap;
};

/* A new last row: cells to be filled in, of allocated text. Valid until the next one. */
char **table_add_row(struct table *table);

/* A new last row of fixed texts, as many as there are before a NULL. */
void table_add_titles(struct table *table, const char *const *titles);

/* Has any row but the head something in a column? One without is not worth its head. */
bool table_has_cells(const struct table *table, size_t column);

/* An empty line, then a line for each row; nothing behind a line's last figure. In a terminal, lines below a row are broken at spaces
 * to fit into its width. */
void table_print(FILE *stream, const struct table *table);

/* As GitHub and GitLab read it. What is in the cells is text: its markup is shown, not meant. */
void table_print_markdown(FILE *stream, const struct table *table);

/* Text within Markdown, of which nothing is markup; newlines are spaces. */
void table_put_markdown(FILE *stream, const char *text);

void table_free(struct table *table);

#endif
