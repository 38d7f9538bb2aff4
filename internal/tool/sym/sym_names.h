/* SPDX-License-Identifier: MIT */
/* The strings that naming makes: kept once each, and C++ names as a person writes them. */
#ifndef PPROFMK_TOOL_SYM_NAMES_H
#define PPROFMK_TOOL_SYM_NAMES_H

#include <stddef.h>

struct sym_names;

struct sym_names *sym_names_new(void);
void sym_names_free(struct sym_names *names);

/* A copy of text[0..len) that lives as long as `names`; equal texts have one copy. */
const char *sym_names_keep(struct sym_names *names, const char *text, size_t len);

/* "n::f(int)" for "_ZN1n1fEi" and for its parts and copies, "_ZN1n1fEi.part.0" and such; `name` itself when it is no mangled C++ name or there is no libstdc++ here to
 * ask. The result lives as long as `names`, or as `name`. */
const char *sym_names_demangle(struct sym_names *names, const char *name);

#endif
