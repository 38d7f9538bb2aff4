/* SPDX-License-Identifier: MIT */
/* .gnu_debugdata: an xz-compressed ELF file with the symbols of functions that .dynsym does not have. Fedora and
 * others put it into stripped programs ("MiniDebugInfo" in GDB's manual). */
#ifndef PPROFMK_TOOL_SYM_MINI_H
#define PPROFMK_TOOL_SYM_MINI_H

#include <stdbool.h>

#include "tool/sym/sym_file.h"

/* All zero is closed. */
struct sym_mini {
	Elf *elf; /* unpacked, in memory */
};

/* False when the file has none, or an absurdly large one. */
bool sym_mini_open(struct sym_mini *mini, const struct sym_file *file);
void sym_mini_close(struct sym_mini *mini);

#endif
