/* SPDX-License-Identifier: MIT */
/* Where the tables of a recording are. */
#ifndef PPROFMK_FORMAT_RECORDING_LAYOUT_H
#define PPROFMK_FORMAT_RECORDING_LAYOUT_H

#include "format/recording.h"

/* Make the header of a fresh recording: what follows it is to be zero.
 *
 * items  of each table; NULL: as many as REC_TABLES says. */
void recording_layout(struct rec_header *header, const struct rec_config *config,
		      const uint32_t items[REC_TABLE_COUNT]);

#endif
