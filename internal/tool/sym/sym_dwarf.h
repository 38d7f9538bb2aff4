/* SPDX-License-Identifier: MIT */
/* Functions, inlined calls and lines from DWARF 2 to 5.
 *
 * Only what an address needs is read: one entry of each unit to know which unit holds which address, then the
 * functions and lines of the units that are asked for. .debug_aranges is not used; clang writes none, and gcc's
 * say no more than the units themselves. */
#ifndef PPROFMK_TOOL_SYM_DWARF_H
#define PPROFMK_TOOL_SYM_DWARF_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tool/sym/sym_file.h"
#include "tool/sym/sym_line_table.h"
#include "tool/sym/sym_names.h"
#include "tool/sym/sym_ranges.h"

/* Inlined calls in one another that are followed. gcc and clang stop far earlier. */
#define SYM_MAX_INLINED 128

/* One compilation unit. */
struct sym_unit {
	Dwarf_Die die;		     /* has the lines */
	Dwarf_Die tree;		     /* has the functions: `die`, or its .dwo's */
	struct sym_ranges functions; /* value: offset of the entry */
	struct sym_ranges nested;    /* those inside other functions, and in types */
	struct sym_line_table *lines;
	bool has_tree, has_nested, has_lines; /* looked through */
};

struct sym_dwarf {
	const struct sym_file *file; /* the program: its code's bounds */
	struct sym_file *alternate;  /* dwz's */
	Dwarf *dwarf, *alternate_dwarf;
	struct sym_line_sections line_sections;
	struct sym_unit *units;
	size_t unit_count, unit_cap;
	struct sym_ranges by_address; /* value: index of the unit */
	bool has_functions;	      /* a unit that has more than lines was met */
};

/* Where a piece of code comes from: the function at [0], then the calls inlined in it, outer to inner. */
struct sym_chain {
	Dwarf_Die items[SYM_MAX_INLINED];
	size_t len;
};

struct sym_position {
	const char *file; /* "" when not known */
	int64_t line;
};

/* Open what `debug` has, which may be `file` itself, and list its units. Both have to stay open.
 *
 * root  see sym_file_open_debug(). NULL when there is no DWARF to be read. */
struct sym_dwarf *sym_dwarf_open(const struct sym_file *file, const struct sym_file *debug,
				 const char *root);
void sym_dwarf_close(struct sym_dwarf *dwarf); /* NULL is taken */

/* The next unit that may have code at the address; see sym_ranges_next() for the cursor. NULL: no other. */
struct sym_unit *sym_dwarf_unit(const struct sym_dwarf *dwarf, uint64_t address, size_t *cursor);

/* Fill in the chain at an address. False when the unit has no function there. */
bool sym_unit_chain(const struct sym_dwarf *dwarf, struct sym_unit *unit, uint64_t address,
		    struct sym_chain *chain);

/* The line table's row for an address. The file's path is absolute when the unit says where it was compiled. */
struct sym_position sym_unit_line(const struct sym_dwarf *dwarf, struct sym_unit *unit,
				  struct sym_names *names, uint64_t address);

/* Where the inlined call `die` is made. */
struct sym_position sym_unit_call(const struct sym_dwarf *dwarf, struct sym_unit *unit,
				  struct sym_names *names, Dwarf_Die *die);

/* The number of an attribute of `die` itself or of what it is an instance of; 0 when there is none. */
int64_t sym_die_number(Dwarf_Die *die, unsigned attribute);

/* The same for a string; NULL when there is none. Lives as long as the struct sym_dwarf. */
const char *sym_die_string(Dwarf_Die *die, unsigned attribute);

#endif
