/* SPDX-License-Identifier: MIT */
/* Sums of waits in the recording, one item for each (stack, thread, kind, side). */
#ifndef PPROFMK_RUNTIME_SYNC_STORE_H
#define PPROFMK_RUNTIME_SYNC_STORE_H

#include <stdint.h>

#include "format/recording.h"

/* Add to the item of that key (its count and delay_ns are not looked at), made at its first use. What has no room is
 * counted in the table's `lost`. Needs rt_rec. Context: any. */
void sync_store_add(const struct rec_wait *key, uint64_t count, uint64_t delay_ns);

#endif
