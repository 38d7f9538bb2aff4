/* SPDX-License-Identifier: MIT */
/* Programs that are scripts: what runs them, and what they run. */
#ifndef PPROFMK_TOOL_SCRIPT_H
#define PPROFMK_TOOL_SCRIPT_H

#include <stdbool.h>

/* The file behind "#!" in the first line; for "#!/usr/bin/env NAME" that of NAME. NULL when the file is no script. The
 * caller frees it. */
char *script_interpreter(const char *path);

/* The program that a wrapper script of libtool's starts: .libs/lt-NAME, or .libs/NAME beside it. NULL when the file is no
 * such wrapper. The caller frees it. */
char *script_libtool_program(const char *path);

/* A name without a slash is looked for in PATH, as a shell does. NULL when it is not there. The caller frees it. */
char *script_find_in_path(const char *name);

#endif
