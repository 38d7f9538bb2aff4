/* SPDX-License-Identifier: MIT */
#include "format/recording_layout.h"

#include <string.h>

enum { PAGE_BYTES = 4096 };

static const struct rec_table tables[REC_TABLE_COUNT] = {
#define X(name, type, items) [REC_##name] = {.cap = (items), .item_size = sizeof(type)},
	REC_TABLES(X)
#undef X
};

static uint64_t round_up(uint64_t size_bytes)
{
	return (size_bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
}

void recording_layout(struct rec_header *header, const struct rec_config *config,
		      const uint32_t items[REC_TABLE_COUNT])
{
	uint64_t offset = round_up(sizeof *header);

	memset(header, 0, sizeof *header);
	header->magic = REC_MAGIC;
	header->version = REC_VERSION;
	header->header_size = sizeof *header;
	header->config = *config;
	for (int id = 0; id < REC_TABLE_COUNT; id++) {
		struct rec_table *table = &header->table[id];

		table->offset = offset;
		table->cap = items != NULL ? items[id] : tables[id].cap;
		table->item_size = tables[id].item_size;
		offset += round_up((uint64_t)table->cap * table->item_size);
	}
	/* Offset 0 of the strings is "", node 0 is the root. */
	header->table[REC_STRINGS].len = 1;
	header->table[REC_NODES].len = 1;
	header->size_bytes = offset;
}
