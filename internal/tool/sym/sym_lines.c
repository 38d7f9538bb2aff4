/* SPDX-License-Identifier: MIT */
/* Lines of code and of inlined calls. */
#include <dwarf.h>

#include "tool/sym/sym_dwarf.h"

/* The unit's line table, read at its first use. NULL when it has none. */
static struct sym_line_table *lines_of(const struct sym_dwarf *dwarf, struct sym_unit *unit)
{
	Dwarf_Attribute attribute;
	Dwarf_Word offset;
	const char *folder;

	if (unit->has_lines)
		return unit->lines;
	unit->has_lines = true;
	if (!dwarf_attr(&unit->die, DW_AT_stmt_list, &attribute) ||
	    dwarf_formudata(&attribute, &offset) != 0)
		return NULL;
	folder = sym_die_string(&unit->die, DW_AT_comp_dir);
	unit->lines = sym_line_table_read(&dwarf->line_sections, offset, folder ? folder : "",
					  dwarf->file);
	return unit->lines;
}

struct sym_position sym_unit_line(const struct sym_dwarf *dwarf, struct sym_unit *unit,
				  struct sym_names *names, uint64_t address)
{
	struct sym_line_table *lines = lines_of(dwarf, unit);
	const struct sym_line_row *row = lines ? sym_line_table_find(lines, address) : NULL;
	struct sym_position position = {"", 0};

	if (!row)
		return position;
	position.file = sym_line_table_path(lines, names, row->file);
	position.line = row->line <= INT32_MAX ? row->line : 0;
	return position;
}

/* A .dwo file has a table of files of its own, read by libdw: no rows are in it. */
static const char *split_path(struct sym_unit *unit, uint64_t number)
{
	Dwarf_Files *files;
	const char *path;
	size_t count;

	if (dwarf_getsrcfiles(&unit->tree, &files, &count) != 0 || number >= count)
		return "";
	path = dwarf_filesrc(files, number, NULL, NULL);
	return path ? path : "";
}

struct sym_position sym_unit_call(const struct sym_dwarf *dwarf, struct sym_unit *unit,
				  struct sym_names *names, Dwarf_Die *die)
{
	struct sym_position position = {"", sym_die_number(die, DW_AT_call_line)};
	uint64_t number = (uint64_t)sym_die_number(die, DW_AT_call_file);
	struct sym_line_table *lines;

	if (unit->tree.cu != unit->die.cu) {
		position.file = split_path(unit, number);
		return position;
	}
	lines = lines_of(dwarf, unit);
	if (lines)
		position.file = sym_line_table_path(lines, names, number);
	return position;
}
