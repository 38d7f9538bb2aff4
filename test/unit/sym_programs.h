/* SPDX-License-Identifier: MIT */
/* Programs built for a test in a folder of its own, and what binutils and LLVM say about their addresses. */
#ifndef PPROFMK_TEST_SYM_PROGRAMS_H
#define PPROFMK_TEST_SYM_PROGRAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tool/sym/sym.h"

#define PROGRAMS_MAX_ADDRESSES 8192

struct addresses {
	size_t len;
	uint64_t virtual_[PROGRAMS_MAX_ADDRESSES]; /* as the peers want them */
	uint64_t offset[PROGRAMS_MAX_ADDRESSES];   /* in the file, as sym_lookup() wants them */
};

/* Make the folder, remove it. Group set-up and tear-down of cmocka. */
int programs_open(void **state);
int programs_close(void **state);

/* Path of a file in the folder; a static buffer, valid until the 16th next call. */
const char *programs_path(const char *name);

/* Run a command line in the folder; $F is the folder of the fixtures. True when it ends with 0. */
bool programs_run(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Is there such a program? Says so when it is not. */
bool programs_have(const char *name);

/* Addresses in all functions that the program's symbols name, `step` bytes apart. Asserts that there are some. */
void programs_addresses(const char *program, unsigned step, struct addresses *addresses);

/* What a peer says: for each address, a line "name file:line" for each frame. Clones' endings are cut off
 * ("f.part.0" is "f"); what is not known is "?? :0". The caller frees the texts and the array.
 *
 * command  reads addresses from its input, and prints as addr2line -a -f -i does. */
char **programs_ask(const char *command, const struct addresses *addresses);

/* The same from sym_lookup(), with the linker's names. The caller frees it. */
char *programs_ours(struct sym *sym, size_t module, uint64_t offset);

#endif
