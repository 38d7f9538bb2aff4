/* SPDX-License-Identifier: MIT */
/* What the symbols in this program's own file say about cmocka in it. */
#ifndef PPROFMK_RUNTIME_OWN_SYMBOLS_H
#define PPROFMK_RUNTIME_OWN_SYMBOLS_H

#include <stdbool.h>

#include "format/recording.h"

/* Find the functions of cmocka's that the program has in itself, and fill in file->entry.
 *
 * Only the file's symbol table is read, as it is kept unless the program was stripped; not that of a separate debug file.
 *
 * Returns false when there is none, and leaves *file as it is. Context: while attaching. It takes some 10 us in a stripped
 * program (a shell, sed), and otherwise a look at each symbol. */
bool own_symbols_read(struct rec_file *file);

#endif
