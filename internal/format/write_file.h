/* SPDX-License-Identifier: MIT */
#ifndef PPROFMK_FORMAT_WRITE_FILE_H
#define PPROFMK_FORMAT_WRITE_FILE_H

#include <stddef.h>

/* Write a whole file atomically: a temporary one beside `path`, with the rights that the umask gives, then rename. 0 or
 * -errno; nothing is left on failure. */
int fmt_write_file(const char *path, const void *bytes, size_t size);

/* Write all of it to an open file. 0 or -errno. */
int fmt_write_all(int fd, const void *bytes, size_t size);

/* A fresh file beside `path`, with the rights that the umask gives. Returns its name, which the caller frees, with its
 * descriptor (for reading too) in *fd; NULL with -errno there. */
char *fmt_open_beside(const char *path, int *fd);

#endif
