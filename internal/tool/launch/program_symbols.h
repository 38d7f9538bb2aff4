/* SPDX-License-Identifier: MIT */
/* What the symbols of a program file say about cmocka in it. */
#ifndef PPROFMK_TOOL_PROGRAM_SYMBOLS_H
#define PPROFMK_TOOL_PROGRAM_SYMBOLS_H

#include <stdbool.h>

#include "format/recording.h"
#include "tool/sym/sym_file.h"

/* All zero before it is read. */
struct program_symbols {
	bool imports_cmocka; /* one of REC_ENTRIES comes from a library */
	uint64_t entry
		[REC_ENTRY_COUNT]; /* address of those in the program itself, as linked; 0: not there */
	bool has_sanitizer;
	const char *allocator_call; /* see program_allocator_call() */
};

/* Read what the file imports and exports: enough where it imports cmocka, and quick in any case. */
void program_symbols_read_dynamic(struct program_symbols *symbols, const struct sym_file *file);

/* Read the file's own tables, and where it was stripped those of its separate debug file and of .gnu_debugdata. */
void program_symbols_read(struct program_symbols *symbols, const struct sym_file *file);

bool program_symbols_has_entry(const struct program_symbols *symbols);

/* Does the file hold cmocka's code, symbols or not? Told by REC_CMOCKA_MARK. */
bool program_has_cmocka_code(const struct sym_file *file);

#endif
