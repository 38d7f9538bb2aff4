/* SPDX-License-Identifier: MIT */
#include "base/crc32.h"

void crc32_table_make(struct crc32_table *table)
{
	for (uint32_t byte = 0; byte < 256; byte++) {
		uint32_t crc = byte;

		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
		table->at[0][byte] = crc;
	}
	for (uint32_t byte = 0; byte < 256; byte++)
		for (int i = 1; i < 4; i++)
			table->at[i][byte] = table->at[i - 1][byte] >> 8 ^
					     table->at[0][table->at[i - 1][byte] & 0xff];
}

uint32_t crc32_of(const struct crc32_table *table, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;
	uint32_t crc = UINT32_MAX;

	for (; size >= 4; size -= 4, at += 4) {
		crc ^= at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
		crc = table->at[3][crc & 0xff] ^ table->at[2][crc >> 8 & 0xff] ^
		      table->at[1][crc >> 16 & 0xff] ^ table->at[0][crc >> 24];
	}
	for (; size > 0; size--, at++)
		crc = crc >> 8 ^ table->at[0][(crc ^ *at) & 0xff];
	return ~crc;
}
