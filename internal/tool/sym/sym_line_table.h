/* SPDX-License-Identifier: MIT */
/* The line table of one unit (.debug_line, DWARF 2 to 5; section 6.2 of the DWARF 5 standard).
 *
 * Why not libdw's: it keeps every row, sorts them, and so took half of the time to name a profile: 40 ms of 94 for
 * 750,000 rows, against 6 ms here (test/bench/naming.sh), and 30 MB. Here rows of one address are one, and so are
 * rows that say the same. */
#ifndef PPROFMK_TOOL_SYM_LINE_TABLE_H
#define PPROFMK_TOOL_SYM_LINE_TABLE_H

#include "base/dwarf_bytes.h"
#include "tool/sym/sym_file.h"
#include "tool/sym/sym_names.h"
#include "tool/sym/sym_ranges.h"

/* The sections that line tables are in, as libelf has them unpacked. */
struct sym_line_sections {
	struct dwarf_bytes line, line_strings, strings;
};

struct sym_line_file {
	const char *name; /* in the section */
	uint64_t folder;  /* index of folders[] */
	const char *path; /* NULL until it is asked for */
};

struct sym_line_row {
	uint64_t address;
	uint32_t file, line;
};

struct sym_line_table {
	const char **folders;
	struct sym_line_file *files;
	size_t folder_count, folder_cap, file_count, file_cap;
	size_t first_file; /* number of files[0]: 1 before DWARF 5 */
	struct sym_line_row *rows;
	size_t row_count, row_cap;
	struct sym_ranges sequences; /* value: number of rows, and of the first one above */
};

/* Empty where the file has none; they are the file's, and stay as long as it. */
void sym_line_sections_find(struct sym_line_sections *sections, const struct sym_file *file);

/* Read the table at an offset of .debug_line. What is damaged is left out.
 *
 * folder  where the compiler ran (DW_AT_comp_dir), "" when not known; kept.
 * file    the program: rows outside its code are left out.
 *
 * Never NULL; freed with sym_line_table_free(). */
struct sym_line_table *sym_line_table_read(const struct sym_line_sections *sections,
					   uint64_t offset, const char *folder,
					   const struct sym_file *file);
void sym_line_table_free(struct sym_line_table *table); /* NULL is taken */

/* The row that holds an address: the last one at or before it in its sequence. NULL when there is none. */
const struct sym_line_row *sym_line_table_find(const struct sym_line_table *table,
					       uint64_t address);

/* The path of a file by its number in rows or in DW_AT_call_file; "" when there is no such file. Absolute where
 * the table, or the unit's folder, says so. Lives as long as `names`. */
const char *sym_line_table_path(struct sym_line_table *table, struct sym_names *names,
				uint64_t number);

/* Reads the folders and files of a header; for sym_line_table_read(). */
void sym_line_files_read(struct sym_line_table *table, const struct sym_line_sections *sections,
			 struct dwarf_bytes *header, unsigned version, size_t offset_size);

#endif
