/* SPDX-License-Identifier: MIT */
#ifndef PPROFMK_ENDPOINT_CMDLINE_H
#define PPROFMK_ENDPOINT_CMDLINE_H

#include <stddef.h>

/* The program's arguments with `between` between them, of *size bytes: 1 MiB at most. The caller frees it; NULL when there is no
 * memory. */
char *cmdline_read(char between, size_t *size);

#endif
