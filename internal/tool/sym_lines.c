/* SPDX-License-Identifier: MIT */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/sym_dwarf.h"

/* In DWARF 5 libdw leaves a path relative to where the compiler ran. */
static const char *full_path(struct sym_names *names, struct sym_unit *unit, const char *path)
{
	const char *folder = path[0] == '/' ? NULL : sym_die_string(&unit->die, DW_AT_comp_dir);
	const char *kept;
	char *joined;

	if (!folder || folder[0] != '/' || path[0] == '\0')
		return path;
	joined = xasprintf("%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", path);
	kept = sym_names_keep(names, joined, strlen(joined));
	free(joined);
	return kept;
}

struct sym_position sym_unit_line(struct sym_unit *unit, struct sym_names *names, uint64_t address)
{
	struct sym_position position = {"", 0};
	Dwarf_Line *row = dwarf_getsrc_die(&unit->die, address);
	const char *file;
	int line;

	if (!row)
		return position;
	file = dwarf_linesrc(row, NULL, NULL);
	if (file)
		position.file = full_path(names, unit, file);
	if (dwarf_lineno(row, &line) == 0 && line > 0)
		position.line = line;
	return position;
}

struct sym_position sym_unit_call(struct sym_unit *unit, struct sym_names *names, Dwarf_Die *die)
{
	struct sym_position position = {"", sym_die_number(die, DW_AT_call_line)};
	int64_t number = sym_die_number(die, DW_AT_call_file);
	Dwarf_Files *files;
	const char *file = NULL;
	size_t count;

	if (dwarf_getsrcfiles(&unit->tree, &files, &count) == 0 && (size_t)number < count)
		file = dwarf_filesrc(files, (size_t)number, NULL, NULL);
	if (file)
		position.file = full_path(names, unit, file);
	return position;
}
