/* SPDX-License-Identifier: MIT */
/* Function names from symbol tables: all there is for a program without debug information. */
#ifndef PPROFMK_TOOL_SYM_SYMBOLS_H
#define PPROFMK_TOOL_SYM_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>

#include "tool/sym/sym_file.h"
#include "tool/sym/sym_mini.h"
#include "tool/sym/sym_names.h"
#include "tool/sym/sym_ranges.h"

#define SYM_SYMBOL_TABLES 3

struct sym_symbol_table {
	const struct sym_file *file;
	Elf_Data *data;
	Elf *elf;	/* where data and strings are */
	size_t strings; /* number of the section with the names */
};

/* All zero has no symbols. */
struct sym_symbols {
	struct sym_symbol_table tables[SYM_SYMBOL_TABLES];
	size_t table_count;
	struct sym_mini mini;
	struct sym_ranges ranges; /* value: table and index, see sym_symbols.c */
};

/* Read the table of the program's linker (.symtab), from `file` or from `debug` (may be NULL). Where it was
 * stripped, what is needed for dynamic linking (.dynsym), with the functions that some distributions add in
 * .gnu_debugdata. The files have to stay open. */
void sym_symbols_load(struct sym_symbols *symbols, const struct sym_file *file,
		      const struct sym_file *debug);
void sym_symbols_free(struct sym_symbols *symbols);

/* The symbol whose code holds the address, NULL when there is none. Of several: a function before a label, a name
 * that other objects see before a local one, the fewest leading underscores ("write" before "__write"), the
 * shortest. A version ("@@GLIBC_2.14") is cut off. The name lives as long as `names` and `symbols`. */
const char *sym_symbols_find(const struct sym_symbols *symbols, struct sym_names *names,
			     uint64_t address);

/* "puts@plt" for an address in the procedure linkage table, NULL elsewhere. */
const char *sym_plt_find(const struct sym_file *file, const struct sym_symbols *symbols,
			 struct sym_names *names, uint64_t address);

#endif
