/* SPDX-License-Identifier: MIT */
#ifndef PPROFMK_FORMAT_GUNZIP_H
#define PPROFMK_FORMAT_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does it begin as gzip does? */
bool gunzip_is(const uint8_t *bytes, size_t size);

/* Unpack gzip, several members after one another included.
 *
 * limit  bytes that it may unpack to.
 * error  error[error_size] gets the end of a sentence when it fails ("truncated at byte 4096"), positions counted in
 *        the packed bytes.
 *
 * Returns the unpacked bytes, which the caller frees, or NULL. */
uint8_t *gunzip(const uint8_t *bytes, size_t size, size_t limit, size_t *unpacked_size, char *error,
		size_t error_size);

#endif
