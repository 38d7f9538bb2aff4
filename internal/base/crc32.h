/* SPDX-License-Identifier: MIT */
/* The CRC of zlib and gzip (ISO 3309; polynomial 0xedb88320 reflected), where zlib can't be had: in the user's process. */
#ifndef PPROFMK_BASE_CRC32_H
#define PPROFMK_BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* For four bytes at a time ("slicing by 4", Kounavis and Berry, 2005). */
struct crc32_table {
	uint32_t at[4][256];
};

/* Fill it in, before its first use. */
void crc32_table_make(struct crc32_table *table);

/* Of these bytes alone: what zlib's crc32(0, bytes, size) says. */
uint32_t crc32_of(const struct crc32_table *table, const void *bytes, size_t size);

#endif
