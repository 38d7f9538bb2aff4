/* SPDX-License-Identifier: MIT */
#ifndef PPROFMK_FORMAT_WRITE_FILE_H
#define PPROFMK_FORMAT_WRITE_FILE_H

#include <stddef.h>

/* Write a whole file atomically: a temporary one beside `path`, with the rights that the umask gives, then rename. 0 or
 * -errno; nothing is left on failure. */
int fmt_write_file(const char *path, const void *bytes, size_t size);

#endif
